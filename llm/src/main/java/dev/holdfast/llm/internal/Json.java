// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one JSON reader and writer of this module: bounded in depth, string and number length, so that a hostile body can
 * neither overflow the stack nor burn a core. Thread-safe.
 */
public final class Json {
    /** Deeper than any request, answer or schema seen; far from what overflows a stack. */
    private static final int MAX_DEPTH = 200;

    private static final int MAX_STRING_CHARS = 64 << 20;
    private static final int MAX_NUMBER_CHARS = 400;

    private static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(constraints()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** The bounds, for readers that must be more patient than this one. */
    public static StreamReadConstraints constraints() {
        return StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxStringLength(MAX_STRING_CHARS)
                .maxNumberLength(MAX_NUMBER_CHARS)
                .build();
    }

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

    /** @throws JacksonException if it is not one whole JSON value within the bounds */
    public static JsonNode read(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** The value, or null when the text is not one whole JSON value within the bounds. */
    public static @Nullable JsonNode valueOrNull(String json) {
        try {
            JsonNode value = MAPPER.readTree(json);
            return value.isMissingNode() ? null : value;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** The object, or null when the text is not one whole JSON object within the bounds. */
    public static @Nullable ObjectNode objectOrNull(String json) {
        return valueOrNull(json) instanceof ObjectNode object ? object : null;
    }

    /** @throws IllegalArgumentException if the text is not a JSON object; the message does not repeat it */
    public static ObjectNode requireObject(String json, String what) {
        Objects.requireNonNull(json, what);
        ObjectNode object = objectOrNull(json);
        if (object == null) {
            throw new IllegalArgumentException(what + " must be a JSON object");
        }
        return object;
    }

    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    public static String string(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** Puts all members on top; objects that stand on both sides are merged in turn. */
    public static void merge(ObjectNode target, ObjectNode added) {
        for (Map.Entry<String, JsonNode> member : added.properties()) {
            if (target.get(member.getKey()) instanceof ObjectNode inner
                    && member.getValue() instanceof ObjectNode addedInner) {
                merge(inner, addedInner);
            } else {
                target.set(member.getKey(), member.getValue());
            }
        }
    }

    /** Writes 1 for 1.0, as people do. */
    public static void put(ObjectNode target, String member, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            target.put(member, (long) value);
        } else {
            target.put(member, value);
        }
    }

    /**
     * Any object of a program, as JSON.
     *
     * @throws JacksonException if it cannot be written
     */
    public static String text(@Nullable Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The member if it is a string, else null. */
    public static @Nullable String text(JsonNode node, String member) {
        JsonNode value = node.get(member);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    /** The member if it is a string, else empty. */
    public static String textOrEmpty(JsonNode node, String member) {
        String value = text(node, member);
        return value == null ? "" : value;
    }

    /** The member if it is a number from 0 up, else 0: counts are never worth an error. */
    public static long count(JsonNode node, String member) {
        JsonNode value = node.get(member);
        return value != null && value.isNumber() ? Math.max(0, (long) value.doubleValue()) : 0;
    }
}
