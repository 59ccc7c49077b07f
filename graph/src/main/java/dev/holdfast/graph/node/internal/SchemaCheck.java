// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether an output fits its {@code output_schema}: a JSON Schema of an object, or, as definitions also write it, an object
 * of keys with {@code type} and {@code required} each. Understood are type, properties, required, items, enum, const, the
 * bounds of numbers, lengths and counts, and additionalProperties as false; other words are passed over.
 */
public final class SchemaCheck {
    private final List<String> problems = new ArrayList<>();

    private SchemaCheck() {}

    /** What is wrong, each with its place; empty when nothing is. */
    public static List<String> problems(Map<String, @Nullable Object> schema, Map<String, @Nullable Object> output) {
        if (schema.isEmpty()) {
            return List.of();
        }
        SchemaCheck check = new SchemaCheck();
        if (schema.get("properties") instanceof Map || schema.get("type") instanceof String) {
            check.value("", schema, output);
        } else {
            check.keys(schema, output);
        }
        return check.problems;
    }

    private void keys(Map<String, @Nullable Object> schema, Map<String, @Nullable Object> output) {
        schema.forEach((key, member) -> {
            if (member instanceof Map<?, ?> each) {
                if (output.get(key) != null) {
                    value(key, each, output.get(key));
                } else if (Boolean.TRUE.equals(each.get("required"))) {
                    problems.add(key + ": Field required");
                }
            }
        });
    }

    private void value(String place, Map<?, ?> schema, @Nullable Object value) {
        Object type = schema.get("type");
        if (type != null && !isOf(type, value)) {
            add(place, "must be " + type + ", not " + typeOf(value));
            return;
        }
        if (schema.get("enum") instanceof List<?> allowed && allowed.stream().noneMatch(each -> same(each, value))) {
            add(place, "must be one of " + allowed);
        }
        if (schema.containsKey("const") && !same(schema.get("const"), value)) {
            add(place, "must be " + schema.get("const"));
        }
        if (value instanceof Number number) {
            number(place, schema, new BigDecimal(number.toString()));
        } else if (value instanceof String text) {
            size(place, schema, text.codePointCount(0, text.length()), "Length", "characters");
        } else if (value instanceof List<?> list) {
            list(place, schema, list);
        } else if (value instanceof Map<?, ?> object) {
            object(place, schema, object);
        }
    }

    private void number(String place, Map<?, ?> schema, BigDecimal value) {
        bound(schema, "minimum", limit -> value.compareTo(limit) < 0, place, "must be at least ");
        bound(schema, "maximum", limit -> value.compareTo(limit) > 0, place, "must be at most ");
        bound(schema, "exclusiveMinimum", limit -> value.compareTo(limit) <= 0, place, "must be more than ");
        bound(schema, "exclusiveMaximum", limit -> value.compareTo(limit) >= 0, place, "must be less than ");
    }

    private void bound(
            Map<?, ?> schema,
            String word,
            java.util.function.Predicate<BigDecimal> broken,
            String place,
            String message) {
        if (schema.get(word) instanceof Number limit && broken.test(new BigDecimal(limit.toString()))) {
            add(place, message + limit);
        }
    }

    private void size(String place, Map<?, ?> schema, int size, String word, String unit) {
        if (schema.get("min" + word) instanceof Number least && size < least.longValue()) {
            add(place, "must have at least " + least + " " + unit);
        }
        if (schema.get("max" + word) instanceof Number most && size > most.longValue()) {
            add(place, "must have at most " + most + " " + unit);
        }
    }

    private void list(String place, Map<?, ?> schema, List<?> list) {
        size(place, schema, list.size(), "Items", "items");
        if (schema.get("items") instanceof Map<?, ?> items) {
            for (int i = 0; i < list.size(); i++) {
                value(place + "[" + i + "]", items, list.get(i));
            }
        }
    }

    private void object(String place, Map<?, ?> schema, Map<?, ?> object) {
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> given ? given : Map.of();
        if (schema.get("required") instanceof List<?> required) {
            for (Object key : required) {
                if (!object.containsKey(key)) {
                    add(place.isEmpty() ? String.valueOf(key) : place + "." + key, "Field required");
                }
            }
        }
        for (Map.Entry<?, ?> member : object.entrySet()) {
            String at = place.isEmpty() ? String.valueOf(member.getKey()) : place + "." + member.getKey();
            if (properties.get(member.getKey()) instanceof Map<?, ?> each) {
                value(at, each, member.getValue());
            } else if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
                add(at, "is not allowed");
            }
        }
    }

    private void add(String place, String problem) {
        problems.add((place.isEmpty() ? "root" : place) + ": " + problem);
    }

    private static boolean isOf(Object type, @Nullable Object value) {
        if (type instanceof List<?> several) {
            return several.stream().anyMatch(each -> isOf(Objects.requireNonNull(each), value));
        }
        return switch (String.valueOf(type).toLowerCase(Locale.ROOT)) {
            case "string", "str" -> value instanceof String;
            case "integer", "int" -> value instanceof Long || isWhole(value);
            case "number", "float" -> value instanceof Number;
            case "boolean", "bool" -> value instanceof Boolean;
            case "object", "dict" -> value instanceof Map;
            case "array", "list" -> value instanceof List;
            case "null" -> value == null;
            default -> true;
        };
    }

    /** 5.0 is a whole number in JSON Schema. */
    private static boolean isWhole(@Nullable Object value) {
        return value instanceof Number number
                && new BigDecimal(number.toString()).stripTrailingZeros().scale() <= 0;
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number first && b instanceof Number second) {
            return new BigDecimal(first.toString()).compareTo(new BigDecimal(second.toString())) == 0;
        }
        return Objects.equals(a, b);
    }

    private static String typeOf(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        Map<Class<?>, String> names = new LinkedHashMap<>();
        names.put(String.class, "string");
        names.put(Boolean.class, "boolean");
        names.put(Number.class, "number");
        names.put(Map.class, "object");
        names.put(List.class, "array");
        return names.entrySet().stream()
                .filter(each -> each.getKey().isInstance(value))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("unknown");
    }
}
