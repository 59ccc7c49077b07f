// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many requests each API key has made for a model that fails at first. Thread-safe; forgets the least recently used. */
final class FailCounters {
    private static final int MOST = 100_000;

    private record Key(String apiKey, String model) {}

    private final Map<Key, Integer> seen = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Integer> eldest) {
            return size() > MOST;
        }
    };

    /** Counts one request; true while it is among the first {@code failures}. */
    synchronized boolean fails(String apiKey, String model, int failures) {
        return seen.merge(new Key(apiKey, model), 1, Integer::sum) <= failures;
    }

    synchronized void reset() {
        seen.clear();
    }
}
