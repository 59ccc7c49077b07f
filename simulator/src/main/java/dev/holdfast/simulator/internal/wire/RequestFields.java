// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.wire.ModelRequest.Invalid;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The checks that both dialects make on the fields of a request. */
final class RequestFields {
    /** Longer than any model name; keeps counters by model small. */
    private static final int LONGEST_MODEL = 512;

    private static final int CHARACTERS_PER_TOKEN = 4;

    private RequestFields() {}

    static String model(JsonNode body) {
        if (!body.isObject()) {
            throw new Invalid("body", "the request body must be a JSON object");
        }
        JsonNode model = body.path("model");
        if (!model.isString()) {
            throw new Invalid("model", "model: a string is required");
        }
        if (model.stringValue().length() > LONGEST_MODEL) {
            throw new Invalid("model", "model: at most " + LONGEST_MODEL + " characters");
        }
        return model.stringValue();
    }

    static JsonNode messages(JsonNode body) {
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw new Invalid("messages", "messages: a non-empty array is required");
        }
        for (JsonNode message : messages) {
            if (!message.path("role").isString()) {
                throw new Invalid("messages", "messages: each needs a role");
            }
        }
        return messages;
    }

    static boolean flag(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw new Invalid(field, field + ": true or false is required");
        }
        return value.asBoolean(false);
    }

    static JsonNode last(JsonNode messages) {
        return messages.path(messages.size() - 1);
    }

    /** The beginning of the answer, where the request hands one back: text of an assistant as its last message. */
    static String beginning(JsonNode messages) {
        JsonNode last = last(messages);
        if (!last.path("role").asString("").equals("assistant")) {
            return "";
        }
        JsonNode content = last.path("content");
        return content.isString()
                ? content.stringValue()
                : content.path(content.size() - 1).path("text").asString("");
    }

    static int tokens(JsonNode... parts) {
        long characters = 0;
        for (JsonNode part : parts) {
            characters += characters(part);
        }
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, characters / CHARACTERS_PER_TOKEN));
    }

    /** Only a schema that is an object can be met; anything else counts as none. */
    static Optional<JsonNode> schema(JsonNode node) {
        return node.isObject() ? Optional.of(node) : Optional.empty();
    }

    private static long characters(JsonNode node) {
        if (node.isString()) {
            return node.stringValue().length();
        }
        return StreamSupport.stream(node.spliterator(), false)
                .mapToLong(RequestFields::characters)
                .sum();
    }
}
