// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.script;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.internal.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One answer of a script. Exactly one of output, text, error and next is there. */
record Entry(
        @Nullable Map<String, @Nullable Object> output,
        @Nullable String text,
        @Nullable Category error,
        String message,
        @Nullable String next,
        Duration delay) {

    static Entry of(JsonNode json, String where) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("the script's " + where + " must be an object");
        }
        long delayMillis = json.path("delay_ms").asLong(0);
        if (delayMillis < 0) {
            throw new IllegalArgumentException("the script's " + where + ".delay_ms must not be negative");
        }
        Duration delay = Duration.ofMillis(delayMillis);
        if (json.has("error")) {
            JsonNode error = json.path("error");
            Category category = category(error.path("category").asString("unknown"), where);
            return new Entry(null, null, category, error.path("message").asString("scripted " + category), null, delay);
        }
        if (json.has("output")) {
            if (!(json.get("output") instanceof ObjectNode output)) {
                throw new IllegalArgumentException("the script's " + where + ".output must be an object");
            }
            return new Entry(Json.plainObject(output), null, null, "", null, delay);
        }
        if (json.path("text").isString()) {
            return new Entry(null, json.get("text").stringValue(), null, "", null, delay);
        }
        if (json.path("next").isString()) {
            return new Entry(null, null, null, "", json.get("next").stringValue(), delay);
        }
        throw new IllegalArgumentException("the script's " + where + " needs output, text, error or next");
    }

    private static Category category(String word, String where) {
        for (Category category : Category.values()) {
            if (category.word().equals(word)) {
                return category;
            }
        }
        throw new IllegalArgumentException("the script's " + where + ".error.category is none: " + word + "; there are "
                + Arrays.stream(Category.values()).map(Category::word).collect(Collectors.joining(", ")));
    }

    /** A value for each output key, always the same. */
    static Entry made(NodeSpec node) {
        Map<String, @Nullable Object> output = new LinkedHashMap<>();
        for (String key : node.outputKeys()) {
            output.put(key, "made " + key);
        }
        return new Entry(output, null, null, "", null, Duration.ZERO);
    }

    /** What a model would say. */
    String answer() {
        return text != null ? text : Json.string(Json.node(output == null ? Map.of() : output));
    }
}
