// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import dev.holdfast.llm.internal.Json;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What providers demand of a schema before they hold a model to it: every object closed, and only the keywords that they
 * know. Sources: OpenAI, "Structured outputs: supported schemas"; Anthropic, "Structured outputs: JSON Schema limitations".
 */
public final class ClosedSchema {
    private static final Set<String> NOT_STRICT = Set.of(
            "allOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "dependentRequired",
            "dependentSchemas",
            "patternProperties",
            "unevaluatedProperties",
            "unevaluatedItems",
            "prefixItems",
            "contains",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "uniqueItems",
            "default");

    /** Bounds that Anthropic refuses by HTTP 400. */
    private static final Set<String> BOUNDS = Set.of(
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern",
            "minItems",
            "maxItems");

    private ClosedSchema() {}

    /** Whether OpenAI's strict mode takes it: closed objects, all properties required, no keyword outside its subset. */
    public static boolean fitsStrictly(ObjectNode schema) {
        return "object".equals(Json.text(schema, "type")) && strict(schema, true);
    }

    /** Whether every object in it is closed, without which Anthropic takes no schema. */
    public static boolean isClosed(ObjectNode schema) {
        return "object".equals(Json.text(schema, "type")) && strict(schema, false);
    }

    private static boolean strict(JsonNode schema, boolean allRequired) {
        if (!schema.isObject()) {
            return !schema.isBoolean();
        }
        for (String keyword : NOT_STRICT) {
            if (schema.has(keyword)) {
                return false;
            }
        }
        JsonNode properties = schema.path("properties");
        boolean object = properties.isObject() || isType(schema.path("type"), "object");
        if (object && !closed(schema, properties, allRequired)) {
            return false;
        }
        return children(schema, allRequired);
    }

    private static boolean closed(JsonNode schema, JsonNode properties, boolean allRequired) {
        JsonNode others = schema.path("additionalProperties");
        if (!others.isBoolean() || others.booleanValue()) {
            return false;
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        return !allRequired || required.containsAll(properties.propertyNames());
    }

    private static boolean isType(JsonNode type, String name) {
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (name.equals(one.asString(""))) {
                    return true;
                }
            }
            return false;
        }
        return name.equals(type.asString(""));
    }

    private static boolean children(JsonNode schema, boolean allRequired) {
        for (String group : new String[] {"properties", "$defs", "definitions", "anyOf"}) {
            for (JsonNode child : schema.path(group)) {
                if (!strict(child, allRequired)) {
                    return false;
                }
            }
        }
        return !schema.has("items") || strict(schema.path("items"), allRequired);
    }

    /** Whether it has bounds that Anthropic refuses. */
    public static boolean hasBounds(JsonNode schema) {
        return !withoutBounds(schema).equals(schema);
    }

    /** The same without those bounds; whoever uses it must check the answer against the whole schema. */
    public static JsonNode withoutBounds(JsonNode schema) {
        if (schema.isArray()) {
            ArrayNode copy = Json.array();
            schema.forEach(child -> copy.add(withoutBounds(child)));
            return copy;
        }
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode copy = Json.object();
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            if (Set.of("properties", "$defs", "definitions").contains(entry.getKey())) {
                ObjectNode named = copy.putObject(entry.getKey());
                entry.getValue()
                        .properties()
                        .forEach(child -> named.set(child.getKey(), withoutBounds(child.getValue())));
            } else if (Set.of("enum", "const", "examples").contains(entry.getKey())) {
                copy.set(entry.getKey(), entry.getValue());
            } else if (!BOUNDS.contains(entry.getKey())) {
                copy.set(entry.getKey(), withoutBounds(entry.getValue()));
            }
        }
        return copy;
    }
}
