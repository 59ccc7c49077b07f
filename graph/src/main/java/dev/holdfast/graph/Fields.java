// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.internal.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the members of one object, with the few conversions that Hive's loader makes ({@code "3"} is a number, {@code
 * "yes"} a boolean). A member of another type is told and replaced by its default. For one thread.
 */
final class Fields {
    private static final Pattern WHOLE = Pattern.compile("\\s*[+-]?[0-9]+(_[0-9]+)*(\\.0+)?\\s*");
    private static final Pattern REAL =
            Pattern.compile("\\s*[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*");
    private static final Set<String> YES = Set.of("1", "true", "t", "yes", "y", "on");
    private static final Set<String> NO = Set.of("0", "false", "f", "no", "n", "off");

    /** Keys that people write for others, seen in real files. */
    private static final Map<String, String> MEANT = Map.of(
            "type", "node_type",
            "prompt", "system_prompt",
            "node_id", "id",
            "edge_id", "id",
            "goal_id", "id",
            "tool", "tools",
            "output_key", "output_keys",
            "expression", "condition_expr");

    private final ObjectNode object;
    private final String path;
    private final Findings findings;
    private final boolean rejected;

    /** @param rejected whether Hive rejects a wrong type here; else it does not look, and it is a warning */
    Fields(ObjectNode object, String path, Findings findings, boolean rejected) {
        this.object = object;
        this.path = path;
        this.findings = findings;
        this.rejected = rejected;
    }

    Fields lenient() {
        return new Fields(object, path, findings, false);
    }

    ObjectNode object() {
        return object;
    }

    String path() {
        return path;
    }

    String path(String key) {
        return path + "." + key;
    }

    boolean has(String key) {
        return object.has(key);
    }

    void report(String code, String message, String key) {
        if (rejected) {
            findings.error(code, message, path(key));
        } else {
            findings.warning(code, message, path(key));
        }
    }

    /** A member that must be there. */
    String required(String key, String of) {
        if (!object.has(key)) {
            report("missing_key", of + " has no \"" + key + "\"; add it", key);
            return "";
        }
        return text(key, "");
    }

    String text(String key, String fallback) {
        return read(key, fallback, "a string", value -> value.isString() ? value.stringValue() : null);
    }

    @Nullable
    String maybeText(String key) {
        JsonNode value = object.get(key);
        return value == null || value.isNull() ? null : text(key, "");
    }

    int whole(String key, int fallback) {
        return read(key, fallback, "a whole number", Fields::wholeOrNull);
    }

    private static @Nullable Integer wholeOrNull(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? 1 : 0;
        }
        if (value.isString() && WHOLE.matcher(value.stringValue()).matches()) {
            String digits = value.stringValue().strip().replace("_", "").replaceFirst("\\.0+$", "");
            return clamped(new BigInteger(digits.startsWith("+") ? digits.substring(1) : digits));
        }
        if (value.isIntegralNumber()) {
            return clamped(value.bigIntegerValue());
        }
        double real = value.isNumber() ? value.doubleValue() : Double.NaN;
        return real == Math.rint(real) && !Double.isInfinite(real) ? (Integer) (int) real : null;
    }

    private static int clamped(BigInteger value) {
        return value.bitLength() < Integer.SIZE
                ? value.intValue()
                : value.signum() > 0 ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    }

    double real(String key, double fallback) {
        return read(key, fallback, "a number", value -> {
            if (value.isBoolean()) {
                return value.booleanValue() ? 1.0 : 0.0;
            }
            if (value.isString() && REAL.matcher(value.stringValue()).matches()) {
                return Double.parseDouble(value.stringValue().strip());
            }
            return value.isNumber() ? value.doubleValue() : null;
        });
    }

    boolean flag(String key, boolean fallback) {
        return read(key, fallback, "true or false", value -> {
            String word = value.isString()
                    ? value.stringValue().toLowerCase(Locale.ROOT)
                    : value.isNumber() && (value.doubleValue() == 0 || value.doubleValue() == 1)
                            ? value.doubleValue() == 1 ? "1" : "0"
                            : value.isBoolean() ? String.valueOf(value.booleanValue()) : "";
            return YES.contains(word) ? (Boolean) true : NO.contains(word) ? (Boolean) false : null;
        });
    }

    List<String> texts(String key) {
        return read(key, List.<String>of(), "a list of strings", value -> {
            List<String> texts = new ArrayList<>();
            for (JsonNode item : value) {
                if (!value.isArray() || !item.isString()) {
                    return null;
                }
                texts.add(item.stringValue());
            }
            return value.isArray() ? texts : null;
        });
    }

    Map<String, String> textMap(String key) {
        return read(key, Map.<String, String>of(), "an object whose values are strings", value -> {
            Map<String, String> map = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                if (!member.getValue().isString()) {
                    return null;
                }
                map.put(member.getKey(), member.getValue().stringValue());
            }
            return value.isObject() ? map : null;
        });
    }

    Map<String, @Nullable Object> values(String key) {
        return read(
                key,
                Map.<String, @Nullable Object>of(),
                "an object",
                value -> value instanceof ObjectNode members ? Json.plainObject(members) : null);
    }

    /** A schema: an object whose values are objects. */
    Map<String, @Nullable Object> schema(String key) {
        return read(
                key,
                Map.<String, @Nullable Object>of(),
                "an object whose values are objects",
                value -> value instanceof ObjectNode members
                                && members.properties().stream()
                                        .allMatch(member -> member.getValue().isObject())
                        ? Json.plainObject(members)
                        : null);
    }

    /** The objects of a list, each with fields of its own; {@code of} names one for messages. */
    List<Fields> objects(String key, String of) {
        List<Fields> objects = new ArrayList<>();
        JsonNode value = object.get(key);
        if (value == null) {
            return objects;
        }
        if (!(value instanceof ArrayNode array)) {
            // Hive loops over it, and looping over nothing harms nothing
            boolean nothing = value.isString() ? value.stringValue().isEmpty() : value.isObject() && value.isEmpty();
            if (!nothing) {
                report("wrong_type", "\"" + key + "\" must be a list of objects, not " + typeOf(value), key);
            }
            return objects;
        }
        for (int i = 0; i < array.size(); i++) {
            String place = key + "[" + i + "]";
            if (array.get(i) instanceof ObjectNode member) {
                objects.add(new Fields(member, path(place), findings, rejected));
            } else {
                report("wrong_type", of + " must be an object, not " + typeOf(array.get(i)), place);
            }
        }
        return objects;
    }

    /** An object of its own fields; an empty one where it is absent or no object. */
    Fields inner(String key) {
        JsonNode value = object.get(key);
        if (value instanceof ObjectNode member) {
            return new Fields(member, path(key), findings, rejected);
        }
        if (value != null) {
            report("wrong_type", "\"" + key + "\" must be an object, not " + typeOf(value), key);
        }
        return new Fields(Json.object(), path(key), findings, rejected);
    }

    void reportUnknown(Set<String> known) {
        for (String key : object.propertyNames()) {
            if (!known.contains(key)) {
                String meant = MEANT.get(key);
                findings.warning(
                        "unknown_key",
                        "\"" + key + "\" means nothing here; it is kept"
                                + (meant != null && known.contains(meant) ? ". Is \"" + meant + "\" meant?" : ""),
                        path(key));
            }
        }
    }

    private <T> T read(String key, T fallback, String wanted, Function<JsonNode, @Nullable T> reader) {
        JsonNode value = object.get(key);
        if (value == null) {
            return fallback;
        }
        T read = reader.apply(value);
        if (read == null) {
            report("wrong_type", "\"" + key + "\" must be " + wanted + ", not " + typeOf(value), key);
            return fallback;
        }
        return read;
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case ARRAY -> "a list";
            default -> "an object";
        };
    }
}
