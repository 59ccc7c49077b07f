// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The last {@value #KEPT} durations of one kind, for quantiles that show from the first one on. Thread-safe. */
final class Recent {
    private static final int KEPT = 128;

    private final AtomicLongArray nanos = new AtomicLongArray(KEPT);
    private final AtomicLong count = new AtomicLong();

    void add(long durationNanos) {
        nanos.setRelease((int) (count.getAndIncrement() & (KEPT - 1)), durationNanos);
    }

    /** The smallest that at least this share does not exceed; null while there is none. */
    @Nullable
    Duration quantile(double share) {
        int known = (int) Math.min(count.get(), KEPT);
        if (known == 0) {
            return null;
        }
        long[] sorted = new long[known];
        for (int i = 0; i < known; i++) {
            sorted[i] = nanos.getAcquire(i);
        }
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[(int) Math.ceil(share * known) - 1]);
    }
}
