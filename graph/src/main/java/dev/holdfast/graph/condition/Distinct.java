// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A set, in the order in which its elements came. Filled once, then only read. */
final class Distinct {
    private final Map<Key, @Nullable Object> elements = new LinkedHashMap<>();

    static Distinct of(List<? extends @Nullable Object> items) {
        Distinct set = new Distinct();
        items.forEach(item -> set.add(Values.inside(item)));
        return set;
    }

    private void add(@Nullable Object item) {
        elements.putIfAbsent(Key.of(item), item);
    }

    boolean has(@Nullable Object item) {
        return elements.containsKey(Key.of(item));
    }

    boolean hasAll(Distinct other) {
        return elements.keySet().containsAll(other.elements.keySet());
    }

    int size() {
        return elements.size();
    }

    List<@Nullable Object> items() {
        return new ArrayList<>(elements.values());
    }

    Distinct and(Distinct other) {
        return keep(other::has);
    }

    Distinct minus(Distinct other) {
        return keep(item -> !other.has(item));
    }

    Distinct or(Distinct other) {
        Distinct both = keep(item -> true);
        other.elements.forEach(both.elements::putIfAbsent);
        return both;
    }

    private Distinct keep(Predicate<@Nullable Object> wanted) {
        Distinct kept = new Distinct();
        elements.forEach((key, item) -> {
            if (wanted.test(item)) {
                kept.elements.put(key, item);
            }
        });
        return kept;
    }
}
