// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Copies that nobody can change and that keep order; unlike the JDK's, those of plain values may hold null. */
final class Copies {
    private Copies() {}

    static <V> Map<String, V> map(Map<String, V> map) {
        Map<String, V> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(Objects.requireNonNull(key, "key"), value));
        copy.values().forEach(value -> Objects.requireNonNull(value, "value"));
        return Collections.unmodifiableMap(copy);
    }

    static Map<String, @Nullable Object> values(Map<String, ? extends @Nullable Object> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(key, value(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, member) -> copy.put(String.valueOf(key), value(member)));
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(member -> copy.add(value(member)));
            return Collections.unmodifiableList(copy);
        }
        return value;
    }
}
