// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import java.time.Duration;

/** Arithmetic on nanoseconds in which {@link Long#MAX_VALUE} means "never" and nothing overflows. */
public final class Nanos {
    public static final long NEVER = Long.MAX_VALUE;

    private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000L - 1;

    private Nanos() {}

    /** The nanoseconds of a duration; {@link #NEVER} where it does not fit. */
    public static long of(Duration duration) {
        return duration.getSeconds() > MAX_SECONDS ? NEVER : duration.toNanos();
    }

    /** {@code a + b} for non-negative values, {@link #NEVER} instead of an overflow. */
    public static long add(long a, long b) {
        long sum = a + b;
        return sum < 0 ? NEVER : sum;
    }

    /** Nanoseconds from {@code now} to {@code at}, at least 0; {@link #NEVER} stays itself. */
    public static long left(long at, long now) {
        return at == NEVER ? NEVER : Math.max(0, at - now);
    }
}
