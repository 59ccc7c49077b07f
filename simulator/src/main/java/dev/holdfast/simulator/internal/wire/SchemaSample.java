// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.math.BigDecimal;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value that fits a JSON Schema: the smallest sensible one, always the same for the same schema. Knows {@code const},
 * {@code enum}, {@code default}, {@code examples}, {@code type}, {@code properties}, {@code required}, {@code items},
 * {@code prefixItems}, bounds of numbers, strings and arrays, {@code format}, {@code pattern}, {@code anyOf},
 * {@code oneOf}, {@code allOf} and local {@code $ref}. Optional properties are filled in until schemas nest deeper than
 * {@value #OPTIONAL_DEPTH}; a schema that recurs for ever ends in null at {@value #DEEPEST}.
 */
final class SchemaSample {
    private static final int OPTIONAL_DEPTH = 6;
    private static final int DEEPEST = 24;
    private static final int LARGEST = 1000;

    /** What {@code json_object} asks for. */
    static final JsonNode ANY_OBJECT = Json.read("""
            {"type": "object", "required": ["answer"], "properties": {"answer": {"type": "string"}}}""");

    /** Values made before only required ones are added, and again as many before there is only null. */
    private static final int MANY = 5_000;

    private final JsonNode root;
    private int made;

    private SchemaSample(JsonNode root) {
        this.root = root;
    }

    static JsonNode of(JsonNode schema) {
        return new SchemaSample(schema).value(schema, 0);
    }

    /** As {@link #of}, for places where only an object is allowed, a schema without a type included. */
    static JsonNode object(JsonNode schema) {
        JsonNode value = of(schema);
        if (value.isObject()) {
            return value;
        }
        return Json.object();
    }

    private JsonNode value(JsonNode schema, int depth) {
        if (depth > DEEPEST || ++made > 2 * MANY) {
            return Json.object().nullNode();
        }
        JsonNode fixed = fixed(schema);
        if (!fixed.isMissingNode()) {
            return fixed;
        }
        if (schema.has("$ref")) {
            return value(target(schema.path("$ref").asString("")), depth + 1);
        }
        for (String choice : new String[] {"anyOf", "oneOf"}) {
            if (!schema.path(choice).isEmpty()) {
                return value(merged(schema, preferred(schema.path(choice)), choice), depth + 1);
            }
        }
        if (!schema.path("allOf").isEmpty()) {
            JsonNode all = schema;
            for (JsonNode part : schema.path("allOf")) {
                all = merged(all, part.has("$ref") ? target(part.path("$ref").asString("")) : part, "allOf");
            }
            return value(all, depth + 1);
        }
        return ofType(schema, depth);
    }

    private JsonNode ofType(JsonNode schema, int depth) {
        return switch (type(schema)) {
            case "object" -> objectOf(schema, depth);
            case "array" -> arrayOf(schema, depth);
            case "integer" -> NumberSample.of(schema, true);
            case "number" -> NumberSample.of(schema, false);
            case "boolean" -> Json.object().booleanNode(true);
            case "null" -> Json.object().nullNode();
            default -> Json.object().stringNode(StringSample.of(schema));
        };
    }

    private static JsonNode fixed(JsonNode schema) {
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (!schema.path("enum").isEmpty()) {
            return schema.path("enum").path(0);
        }
        if (schema.has("default") && !schema.path("default").isNull()) {
            return schema.path("default");
        }
        return schema.path("examples").path(0);
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isString()) {
            return type.stringValue();
        }
        for (JsonNode one : type) {
            if (!one.asString("").equals("null")) {
                return one.asString("");
            }
        }
        if (schema.has("properties") || schema.has("required") || schema.has("additionalProperties")) {
            return "object";
        }
        if (schema.has("items") || schema.has("prefixItems")) {
            return "array";
        }
        return schema.has("minimum") || schema.has("maximum") ? "number" : "string";
    }

    private JsonNode objectOf(JsonNode schema, int depth) {
        ObjectNode object = Json.object();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if ((depth < OPTIONAL_DEPTH && made < MANY) || requires(schema, property.getKey())) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        }
        JsonNode others = schema.path("additionalProperties");
        for (JsonNode required : schema.path("required")) {
            if (!object.has(required.asString(""))) {
                object.set(required.asString(""), value(others, depth + 1));
            }
        }
        for (int i = 1;
                object.size() < Math.min(LARGEST, schema.path("minProperties").asInt(0));
                i++) {
            object.set("key" + i, value(others, depth + 1));
        }
        return object;
    }

    private static boolean requires(JsonNode schema, String name) {
        for (JsonNode required : schema.path("required")) {
            if (required.asString("").equals(name)) {
                return true;
            }
        }
        return false;
    }

    private JsonNode arrayOf(JsonNode schema, int depth) {
        ArrayNode array = Json.array();
        for (JsonNode item : schema.path("prefixItems")) {
            array.add(value(item, depth + 1));
        }
        int usual = depth < OPTIONAL_DEPTH && schema.has("items") ? Math.max(1, array.size()) : array.size();
        int least = Math.max(
                schema.path("minItems").asInt(0),
                Math.min(usual, schema.path("maxItems").asInt(usual)));
        boolean distinct = schema.path("uniqueItems").asBoolean(false);
        JsonNode items = schema.path("items");
        while (array.size() < Math.min(LARGEST, least)) {
            JsonNode choice = distinct
                    ? items.path("enum").path(array.size())
                    : items.path("enum").path(0);
            array.add(choice.isMissingNode() ? different(value(items, depth + 1), distinct, array.size()) : choice);
        }
        return array;
    }

    private static JsonNode different(JsonNode value, boolean distinct, int index) {
        if (!distinct || index == 0) {
            return value;
        }
        if (value.isNumber()) {
            return Json.object().numberNode(value.decimalValue().add(BigDecimal.valueOf(index)));
        }
        return value.isString() ? Json.object().stringNode(value.stringValue() + index) : value;
    }

    /** A choice that says something is a better example than null. */
    private static JsonNode preferred(JsonNode choices) {
        for (JsonNode choice : choices) {
            if (!choice.path("type").asString("").equals("null")) {
                return choice;
            }
        }
        return choices.path(0);
    }

    private static JsonNode merged(JsonNode schema, JsonNode part, String without) {
        ObjectNode all = ((ObjectNode) schema).deepCopy();
        all.remove(without);
        for (Map.Entry<String, JsonNode> entry : part.properties()) {
            JsonNode old = all.path(entry.getKey());
            if (old.isObject() && entry.getValue().isObject()) {
                all.set(entry.getKey(), merged(old, entry.getValue(), ""));
            } else if (old.isArray()
                    && entry.getValue().isArray()
                    && entry.getKey().equals("required")) {
                all.set(entry.getKey(), ((ArrayNode) old).deepCopy().addAll((ArrayNode) entry.getValue()));
            } else {
                all.set(entry.getKey(), entry.getValue());
            }
        }
        return all;
    }

    /** Local references only ({@code #/$defs/Name}); what cannot be found allows everything. */
    private JsonNode target(String reference) {
        if (reference.equals("#")) {
            return root;
        }
        JsonNode found = reference.startsWith("#/") ? root.at(reference.substring(1)) : Json.object();
        return found.isObject() ? found : Json.object();
    }
}
