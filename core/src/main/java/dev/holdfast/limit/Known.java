// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import dev.holdfast.time.Nanos;
import java.time.Duration;

/**
 * What is known of one dimension of a quota domain. Sizes and costs are told in nanoseconds: the time in which so much of
 * the allowance grows.
 *
 * @param limit the most that responses state; 0 where nothing was stated or a rate is configured
 * @param unitNanos the time in which one unit grows; 0 where no rate is known
 * @param oneNanos what one unit costs
 * @param burstNanos how much may be used at once
 * @param left what a response said is left: who needs more has to wait for {@code resetAtNanos}
 * @param resetAtNanos the reset that the response stated; 0 for none
 * @param expiresNanos when this is forgotten, {@link Nanos#NEVER} for what is configured
 */
record Known(
        long limit, double unitNanos, long oneNanos, long burstNanos, long left, long resetAtNanos, long expiresNanos) {
    static final Known NOTHING = new Known(0, 0, 0, Long.MAX_VALUE, 0, Nanos.NEVER);

    /** Half a century: more than anybody waits, and no sum of two overflows. */
    private static final double MOST_NANOS = 1L << 60;

    private static final double NANOS_PER_MINUTE = 60e9;

    Known(long limit, double unitNanos, long burstNanos, long left, long resetAtNanos, long expiresNanos) {
        this(limit, unitNanos, cost(1, unitNanos), burstNanos, left, resetAtNanos, expiresNanos);
    }

    static Known configured(long perMinute, Duration burst) {
        if (perMinute == 0) {
            return NOTHING;
        }
        double unitNanos = NANOS_PER_MINUTE / perMinute;
        return new Known(0, unitNanos, size(unitNanos, burst), Long.MAX_VALUE, 0, Nanos.NEVER);
    }

    /** A burst, though at least one unit. */
    static long size(double unitNanos, Duration burst) {
        return Math.max((long) Math.ceil(unitNanos), Math.min(Nanos.of(burst), (long) MOST_NANOS));
    }

    boolean hasRate() {
        return unitNanos > 0;
    }

    /** As above, unless it should have been forgotten by then. */
    boolean hasRate(long nowNanos) {
        return hasRate() && nowNanos < expiresNanos;
    }

    boolean learnedRate() {
        return hasRate() && limit > 0;
    }

    double perMinute() {
        return hasRate() ? NANOS_PER_MINUTE / unitNanos : 0;
    }

    long cost(long units) {
        return units == 1 ? oneNanos : cost(units, unitNanos);
    }

    /** Rounded up, so that rounding never lets more through. */
    private static long cost(long units, double unitNanos) {
        return (long) Math.ceil(Math.min(MOST_NANOS, units * unitNanos));
    }

    boolean exhausted() {
        return left == 0;
    }

    /** When so many units can be had as far as the last response goes. */
    long heldUntilNanos(long units, long nowNanos) {
        return left < Math.max(1, units) && nowNanos < resetAtNanos ? resetAtNanos : nowNanos;
    }
}
