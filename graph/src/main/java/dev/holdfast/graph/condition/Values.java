// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of value inside an expression: null, Boolean, BigInteger, Double, String, {@link Tuple}, {@link View}, List,
 * Map with string keys (from outside) or {@link Dict} (made inside), {@link Distinct}. Anything else is opaque.
 */
final class Values {
    private static final int MAX_SCALE = 5_000;

    /** A list that cannot change, and equals no list. */
    record Tuple(List<@Nullable Object> items) {}

    /** What {@code keys()}, {@code values()} and {@code items()} give. */
    record View(String kind, List<@Nullable Object> items) {}

    private Values() {}

    /** What a value from outside is inside. Members of maps and lists are converted when they are reached. */
    static @Nullable Object inside(@Nullable Object value) {
        if (value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof BigInteger
                || value instanceof Double
                || value instanceof Tuple
                || value instanceof View
                || value instanceof Dict
                || value instanceof Distinct) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        }
        if (value instanceof Set<?> set) {
            return Distinct.of(items(set));
        }
        if (value instanceof Collection<?> collection && !(value instanceof List)) {
            return new ArrayList<@Nullable Object>(collection);
        }
        return value.getClass().isArray() ? array(value) : value;
    }

    private static Object number(Number number) {
        if (number instanceof Float) {
            return Double.parseDouble(number.toString());
        }
        if (number instanceof BigDecimal decimal) {
            return decimal.scale() <= 0 && decimal.scale() > -MAX_SCALE
                    ? decimal.toBigInteger()
                    : (Object) decimal.doubleValue();
        }
        return BigInteger.valueOf(number.longValue());
    }

    private static List<@Nullable Object> array(Object array) {
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            items.add(Array.get(array, i));
        }
        return items;
    }

    private static List<@Nullable Object> items(Collection<?> collection) {
        return Arrays.asList(collection.toArray());
    }

    static boolean truth(@Nullable Object value) {
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof BigInteger whole) {
            return whole.signum() != 0;
        }
        if (value instanceof Double real) {
            return real != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        List<@Nullable Object> items = itemsOrNull(value);
        return items == null || !items.isEmpty();
    }

    /** The elements of a list, a tuple, a set or a view; null for every other value. */
    static @Nullable List<@Nullable Object> itemsOrNull(@Nullable Object value) {
        if (value instanceof List<?> list) {
            @SuppressWarnings("unchecked")
            List<@Nullable Object> items = (List<@Nullable Object>) list;
            return items;
        }
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        if (value instanceof View view) {
            return view.items();
        }
        if (value instanceof Distinct set) {
            return set.items();
        }
        return value instanceof Dict dict ? dict.keys() : null;
    }

    /** The elements of whatever has elements: characters of a string, keys of an object. */
    static List<@Nullable Object> iterate(@Nullable Object value, Run run) {
        List<@Nullable Object> items = itemsOrNull(value);
        if (items == null && value instanceof Map<?, ?> map) {
            items = new ArrayList<>(map.keySet());
        }
        if (items == null && value instanceof String text) {
            run.spend(text.length());
            items = new ArrayList<>();
            for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
                items.add(Character.toString(text.codePointAt(i)));
            }
        }
        if (items == null) {
            throw Trouble.type(typeName(value) + " has no elements");
        }
        run.spend(items.size());
        return items;
    }

    /** Python's name of the type, as people who write expressions know it. */
    static String typeName(@Nullable Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof BigInteger) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Map || value instanceof Dict) {
            return "dict";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof View view) {
            return "dict_" + view.kind();
        }
        return value instanceof Tuple ? "tuple" : value instanceof Distinct ? "set" : "object";
    }
}
