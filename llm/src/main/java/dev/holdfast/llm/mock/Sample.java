// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.mock;

import dev.holdfast.llm.internal.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value that fits a JSON Schema, always the same for the same one: every property, the least number, the shortest text. It
 * minds type, enum, const, bounds, lengths, common formats, local references, and takes the first of alternatives; it does
 * not solve patterns.
 */
final class Sample {
    private static final int MAX_DEPTH = 12;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Map<String, String> FORMATS = Map.of(
            "date", "2024-01-01",
            "date-time", "2024-01-01T00:00:00Z",
            "time", "00:00:00Z",
            "email", "mock@example.com",
            "uri", "https://example.com/",
            "uuid", "00000000-0000-4000-8000-000000000000");

    private final ObjectNode root;

    private Sample(ObjectNode root) {
        this.root = root;
    }

    static JsonNode of(ObjectNode schema) {
        return new Sample(schema).value(schema, 0);
    }

    private JsonNode value(JsonNode schema, int depth) {
        JsonNode fixed = fixed(schema);
        if (fixed != null) {
            return fixed;
        }
        JsonNode other = elsewhere(schema);
        if (other != null && depth < MAX_DEPTH) {
            return value(other, depth + 1);
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "string" -> NODES.stringNode(string(schema));
            case "integer" -> NODES.numberNode((long) Math.ceil(number(schema, 1)));
            case "number" -> NODES.numberNode(number(schema, 0.5));
            case "boolean" -> NODES.booleanNode(true);
            default -> NODES.nullNode();
        };
    }

    private static @Nullable JsonNode fixed(JsonNode schema) {
        if (schema.has("const")) {
            return schema.get("const");
        }
        JsonNode values = schema.path("enum");
        return values.isArray() && !values.isEmpty() ? values.get(0) : null;
    }

    /** The schema that this one only points to. */
    private @Nullable JsonNode elsewhere(JsonNode schema) {
        String reference = Json.textOrEmpty(schema, "$ref");
        if (reference.startsWith("#")) {
            JsonNode found = root.at(reference.substring(1));
            return found.isMissingNode() ? null : found;
        }
        for (String word : new String[] {"anyOf", "oneOf", "allOf"}) {
            JsonNode choices = schema.path(word);
            if (choices.isArray() && !choices.isEmpty()) {
                return choices.get(0);
            }
        }
        return null;
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray() && !type.isEmpty()) {
            return type.get(0).asString("null");
        }
        if (type.isString()) {
            return type.stringValue();
        }
        return schema.has("items") ? "array" : "object";
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = Json.object();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (depth < MAX_DEPTH || required(schema, property.getKey())) {
                object.set(
                        property.getKey(),
                        depth > 2 * MAX_DEPTH ? NODES.nullNode() : value(property.getValue(), depth + 1));
            }
        }
        return object;
    }

    private static boolean required(JsonNode schema, String property) {
        for (JsonNode name : schema.path("required")) {
            if (property.equals(name.asString(""))) {
                return true;
            }
        }
        return false;
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode array = Json.array();
        int count =
                depth < MAX_DEPTH ? Math.min(Math.max(1, schema.path("minItems").asInt(1)), 100) : 0;
        for (int i = 0; i < count && schema.has("items"); i++) {
            array.add(value(schema.get("items"), depth + 1));
        }
        return array;
    }

    private static String string(JsonNode schema) {
        String text = FORMATS.getOrDefault(Json.textOrEmpty(schema, "format"), "text");
        int least = Math.min(schema.path("minLength").asInt(0), 10_000);
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        String filled = text.length() >= least ? text : text + "x".repeat(least - text.length());
        return filled.length() <= most ? filled : filled.substring(0, Math.max(0, most));
    }

    private static double number(JsonNode schema, double aboveExclusive) {
        double least = schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY);
        double above = schema.path("exclusiveMinimum").asDouble(Double.NEGATIVE_INFINITY) + aboveExclusive;
        double most = schema.path("maximum").asDouble(Double.POSITIVE_INFINITY);
        double value = Math.max(least, above);
        return Double.isInfinite(value) ? Math.min(1, most) : value;
    }
}
