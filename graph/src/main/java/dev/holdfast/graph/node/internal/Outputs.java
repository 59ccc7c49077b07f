// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.internal.Json;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.ToolDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The outputs that a model sets in an event loop, by a tool of its own. */
final class Outputs {
    static final String TOOL = "set_output";

    private final NodeSpec node;
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    Outputs(NodeSpec node) {
        this.node = node;
    }

    ToolDefinition tool() {
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ObjectNode key = properties.putObject("key").put("type", "string");
        node.outputKeys().forEach(key.putArray("enum")::add);
        properties.putObject("value").put("type", "string").put("description", "text, or JSON for anything else");
        schema.putArray("required").add("key").add("value");
        return new ToolDefinition(
                TOOL, "Sets one output of this step. The step is done when every output is set.", Json.string(schema));
    }

    Content.ToolResult set(Content.ToolCall call) {
        JsonNode arguments;
        try {
            arguments = Json.read(call.argumentsJson());
        } catch (JacksonException e) {
            return Content.ToolResult.error(call.id(), "Invalid JSON arguments provided to tool.");
        }
        String key = arguments.path("key").asString("");
        if (!node.outputKeys().contains(key)) {
            return Content.ToolResult.error(
                    call.id(), "there is no output '" + key + "'; the outputs are " + node.outputKeys());
        }
        boolean literal = arguments.path("literal").asBoolean(false); // what a script says is what it means
        values.put(key, literal ? Json.plain(arguments.path("value")) : typed(arguments.path("value")));
        return Content.ToolResult.of(call.id(), "output '" + key + "' is set");
    }

    /** Text that is a JSON list, object, boolean or number is that; all else is text. */
    private static @Nullable Object typed(JsonNode value) {
        if (!value.isString()) {
            return Json.plain(value);
        }
        String text = value.stringValue();
        try {
            JsonNode parsed = Json.read(text);
            boolean kept = parsed.isObject() || parsed.isArray() || parsed.isBoolean() || parsed.isNumber();
            return kept ? Json.plain(parsed) : text;
        } catch (JacksonException e) {
            return text;
        }
    }

    /** A model that answers with an object in place of the tool means the same, if all that is missing is in it. */
    void takeFrom(@Nullable Map<String, @Nullable Object> object) {
        if (object != null && object.keySet().containsAll(missing())) {
            for (String key : node.outputKeys()) {
                if (object.containsKey(key)) {
                    values.putIfAbsent(key, object.get(key));
                }
            }
        }
    }

    void put(String key, @Nullable Object value) {
        values.put(key, value);
    }

    List<String> missing() {
        return Answers.missing(node, values);
    }

    Map<String, @Nullable Object> values() {
        return new LinkedHashMap<>(values);
    }
}
