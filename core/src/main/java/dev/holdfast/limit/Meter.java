// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One bucket as one number: the moment when everything that was taken has grown again ("theoretical arrival time" of the
 * generic cell rate algorithm). The bucket is full when that moment has passed, and empty when it is a burst ahead. No
 * refill ever has to be computed, and taking is one compare-and-set. Thread-safe.
 *
 * <p>What costs more than a burst may start when the bucket is full and leaves a debt.
 *
 * <p>Why no window sees more than rate × window + burst: let takings 1, 2 … start at s and cost c, and let m be the number
 * after each, so m(i) = max(m(i-1), s(i)) + c(i). A taking starts only when max(m(i-1), s(i)) + c(i) - burst &lt;= s(i). For
 * takings i to j in a window the costs add up to at most m(j) - s(i) &lt;= s(j) + burst - s(i).
 *
 * <p>Source: ITU-T I.371, annex A, virtual scheduling algorithm.
 */
final class Meter {
    private static final int PADDING = 16;

    /** One element, with as much room on each side that no neighbour shares its cache line. */
    private final AtomicLongArray fullAt = new AtomicLongArray(2 * PADDING + 1);

    long fullAtNanos() {
        return fullAt.get(PADDING);
    }

    /** The earliest start, not before {@code nowNanos}, of a taking that follows on this number. */
    static long startNanos(long fullAtNanos, long costNanos, long burstNanos, long nowNanos) {
        long base = Math.max(fullAtNanos, nowNanos);
        return Math.max(nowNanos, base - burstNanos + Math.min(costNanos, burstNanos));
    }

    /** The number after a taking that starts at this moment. */
    static long after(long fullAtNanos, long costNanos, long startNanos) {
        return Math.max(fullAtNanos, startNanos) + costNanos;
    }

    /** Takes if that can start now. */
    boolean tryTake(long costNanos, long burstNanos, long nowNanos) {
        long seen = fullAt.get(PADDING);
        while (startNanos(seen, costNanos, burstNanos, nowNanos) <= nowNanos) {
            if (costNanos == 0) {
                return true;
            }
            long witness = fullAt.compareAndExchange(PADDING, seen, after(seen, costNanos, nowNanos));
            if (witness == seen) {
                return true;
            }
            seen = witness;
        }
        return false;
    }

    boolean set(long from, long to) {
        return fullAt.compareAndSet(PADDING, from, to);
    }

    /** Takes or gives back without asking: into debt, or to full but no further. */
    void correct(long costNanos, long nowNanos) {
        long seen = fullAt.get(PADDING);
        while (true) {
            long next = costNanos > 0
                    ? after(seen, costNanos, nowNanos)
                    : Math.min(seen, Math.max(seen + costNanos, nowNanos));
            long witness = fullAt.compareAndExchange(PADDING, seen, next);
            if (witness == seen) {
                return;
            }
            seen = witness;
        }
    }

    void add(long nanos) {
        fullAt.getAndAdd(PADDING, nanos);
    }
}
