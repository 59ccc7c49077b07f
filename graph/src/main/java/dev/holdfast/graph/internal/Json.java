// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one JSON reader and writer of this module: bounded, exact in its numbers, and as tolerant as Python's where
 * definitions need it ({@code NaN} and infinities). Thread-safe.
 */
public final class Json {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_STRING_CHARS = 64 << 20;
    private static final int MAX_NUMBER_CHARS = 4300;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_STRING_CHARS)
                            .maxNumberLength(MAX_NUMBER_CHARS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** @throws tools.jackson.core.JacksonException if it is not one whole JSON value within the bounds */
    public static JsonNode read(String json) {
        return MAPPER.readTree(json);
    }

    public static String string(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    public static String pretty(JsonNode node) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    }

    /** As plain values: unmodifiable maps and lists, strings, booleans, null; integers as Long or BigInteger, others as Double. */
    public static @Nullable Object plain(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return plainObject(object);
        }
        if (node instanceof ArrayNode array) {
            List<@Nullable Object> list = new ArrayList<>(array.size());
            array.forEach(member -> list.add(plain(member)));
            return Collections.unmodifiableList(list);
        }
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber()) {
            BigInteger whole = node.bigIntegerValue();
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
        }
        return node.isNumber() ? (Object) node.doubleValue() : null;
    }

    public static Map<String, @Nullable Object> plainObject(ObjectNode object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.properties().forEach(member -> map.put(member.getKey(), plain(member.getValue())));
        return Collections.unmodifiableMap(map);
    }

    /** @throws IllegalArgumentException if the value is none that JSON can hold */
    public static JsonNode node(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }
}
