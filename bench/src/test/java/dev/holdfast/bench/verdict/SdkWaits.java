// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Reads the sleeps of the two official clients, which come from one generator and back off alike. */
final class SdkWaits {
    /** Their first backoff is half a second less up to a quarter of it; no stated wait of the corpus lies between. */
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);

    private static final Duration LEAST_FIRST_BACKOFF = Duration.ofMillis(375);

    private SdkWaits() {}

    /** The decision that the sleeps show, with the longest that a jittered sleep could have been. */
    static Opinion opinion(List<Duration> sleeps, Set<Category> kinds) {
        if (sleeps.isEmpty()) {
            return Opinion.stop(kinds);
        }
        Duration slept = sleeps.get(0);
        boolean backoff = slept.compareTo(LEAST_FIRST_BACKOFF) >= 0 && slept.compareTo(FIRST_BACKOFF) <= 0;
        return Opinion.retry(backoff ? FIRST_BACKOFF : slept, kinds);
    }
}
