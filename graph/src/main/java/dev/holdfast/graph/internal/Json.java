// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
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
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private static final ObjectReader UNAMBIGUOUS = MAPPER.reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    /** Two blanks, list elements on lines of their own, no blank before a colon: as definitions are written. */
    private static final DefaultPrettyPrinter PRETTY = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** @throws JacksonException if it is not one whole JSON value within the bounds */
    public static JsonNode read(String json) {
        return MAPPER.readTree(json);
    }

    /** The value, or null where the text is none or holds a key twice in one object. */
    public static @Nullable JsonNode readUnambiguous(String json) {
        try {
            return UNAMBIGUOUS.readTree(json);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Tokens of a text within the bounds. */
    static JsonParser parser(String json) {
        return MAPPER.createParser(json);
    }

    /** What is wrong and where, without a piece of the text. */
    public static String fault(JacksonException e) {
        String message =
                withoutSource(e.getOriginalMessage().lines().findFirst().orElse("it ends too early"));
        return e.getLocation() == null || e.getLocation().getLineNr() < 0
                ? message
                : message + " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }

    /** The parser's remark on where an unclosed object began names no place, only that it would not show the text. */
    private static String withoutSource(String message) {
        int remark = message.indexOf(" (start marker at ");
        return remark < 0 ? message : message.substring(0, remark);
    }

    public static String string(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    public static String pretty(JsonNode node) {
        return MAPPER.writer().with(PRETTY).writeValueAsString(node);
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
