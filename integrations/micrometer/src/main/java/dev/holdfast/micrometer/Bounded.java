// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets the first few values of a tag through, and calls the rest by one name. Thread-safe. */
final class Bounded {
    private final int most;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Bounded(int most) {
        this.most = most;
    }

    String value(String wanted) {
        if (known.contains(wanted)) {
            return wanted;
        }
        synchronized (known) {
            if (known.size() < most) {
                known.add(wanted);
            }
        }
        return known.contains(wanted) ? wanted : HoldfastMetrics.OTHER;
    }
}
