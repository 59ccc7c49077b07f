// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** A bounded bag of counters. Thread-safe; the bound may be passed by as many entries as there are threads. */
final class Counts<K> {
    private final ConcurrentHashMap<K, LongAdder> counts = new ConcurrentHashMap<>();
    private final int most;

    Counts(int most) {
        this.most = most;
    }

    /** False where the key is new and there is no room. */
    boolean add(K key) {
        LongAdder count = counts.get(key);
        if (count == null) {
            if (counts.mappingCount() >= most) {
                return false;
            }
            count = counts.computeIfAbsent(key, k -> new LongAdder());
        }
        count.increment();
        return true;
    }

    Map<K, Long> snapshot() {
        Map<K, Long> copy = new HashMap<>();
        counts.forEach((key, count) -> copy.put(key, count.sum()));
        return copy;
    }
}
