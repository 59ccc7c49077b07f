// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

/**
 * A token bucket that holds what one minute brings and starts full. Levels are exact: counted in parts of a unit so small that
 * each microsecond brings whole ones. May go into debt, which then has to be waited for. Not thread-safe.
 */
final class Bucket {
    private static final long MICROS_PER_MINUTE = 60_000_000L;
    private static final long NANOS_PER_MICRO = 1_000L;

    /** More a minute is no limit for anybody, and counting it would overflow. */
    private static final long MOST_PER_MINUTE = 10_000_000_000L;

    /** So that no sum overflows. */
    private static final long MOST_DEBT = Long.MAX_VALUE / 2;

    private final long perMinute;
    private final long full;
    private long level;
    private long lastMicros;

    /** @param perMinute at least 1 */
    Bucket(long perMinute, long nowNanos) {
        this.perMinute = Math.min(perMinute, MOST_PER_MINUTE);
        full = this.perMinute * MICROS_PER_MINUTE;
        level = full;
        lastMicros = nowNanos / NANOS_PER_MICRO;
    }

    /**
     * How long until so many fit; more than the bucket ever holds fit once it is full.
     *
     * @return microseconds; 0 for now
     */
    long microsUntil(long amount, long nowNanos) {
        refill(nowNanos);
        long missing = parts(Math.min(amount, perMinute)) - level;
        return missing <= 0 ? 0 : (missing + perMinute - 1) / perMinute;
    }

    /** Takes them, there or not; a negative amount comes back. */
    void take(long amount, long nowNanos) {
        refill(nowNanos);
        level = Math.max(-MOST_DEBT, Math.min(full, level - parts(amount)));
    }

    private void refill(long nowNanos) {
        long nowMicros = nowNanos / NANOS_PER_MICRO;
        long elapsedMicros = nowMicros - lastMicros;
        if (elapsedMicros > 0) {
            lastMicros = nowMicros;
            long missing = full - level;
            level = elapsedMicros > missing / perMinute ? full : level + elapsedMicros * perMinute;
        }
    }

    private static long parts(long amount) {
        return Math.max(-MOST_PER_MINUTE, Math.min(MOST_PER_MINUTE, amount)) * MICROS_PER_MINUTE;
    }
}
