// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the JSON values of the OpenAI and Anthropic SDKs ({@code asObject()}, {@code asArray()}, {@code asString()} …, each
 * an {@link Optional}) into maps, lists and plain values, without those SDKs.
 */
final class JsonValues {
    private static final int MAX_DEPTH = 10;

    private JsonValues() {}

    /** The value in plain form; null when it is nothing of that shape. */
    static @Nullable Object plain(Object value) {
        return plain(value, 0);
    }

    private static @Nullable Object plain(@Nullable Object value, int depth) {
        if (value == null || depth > MAX_DEPTH) {
            return null;
        }
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        Object container = value instanceof Map || value instanceof List
                ? value
                : first(value, "asObject", "asArray", "asString", "asNumber", "asBoolean");
        if (container instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(String.valueOf(key), plain(inner, depth + 1)));
            return copy;
        }
        if (container instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(inner -> copy.add(plain(inner, depth + 1)));
            return copy;
        }
        return container;
    }

    private static @Nullable Object first(Object value, String... methods) {
        for (String name : methods) {
            try {
                Method method = value.getClass().getMethod(name);
                if (method.invoke(value) instanceof Optional<?> found && found.isPresent()) {
                    return found.get();
                }
            } catch (ReflectiveOperationException | RuntimeException absent) {
                continue;
            }
        }
        return null;
    }
}
