// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object made inside an expression: its keys may be any hashable values, and equal numbers are one key. Filled once,
 * then only read.
 */
final class Dict {
    private record Entry(@Nullable Object key, @Nullable Object value) {}

    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    void put(@Nullable Object key, @Nullable Object value) {
        Key hashed = Key.of(key);
        Entry old = entries.get(hashed);
        entries.put(hashed, new Entry(old == null ? key : old.key(), value));
    }

    boolean has(@Nullable Object key) {
        return entries.containsKey(Key.of(key));
    }

    @Nullable
    Object get(@Nullable Object key) {
        Entry entry = entries.get(Key.of(key));
        return entry == null ? null : entry.value();
    }

    int size() {
        return entries.size();
    }

    List<@Nullable Object> keys() {
        List<@Nullable Object> keys = new ArrayList<>();
        entries.values().forEach(entry -> keys.add(entry.key()));
        return keys;
    }

    /** The same with the keys as a view of either kind of object gives them. */
    static Dict of(Object object, Run run) {
        if (object instanceof Dict dict) {
            return dict;
        }
        Dict dict = new Dict();
        Map<?, ?> map = (Map<?, ?>) object;
        run.spend(map.size());
        map.forEach((key, value) -> dict.put(Values.inside(key), Values.inside(value)));
        return dict;
    }
}
