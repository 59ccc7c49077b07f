// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

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
 * <p>While threads compete they take through {@link Shares}, so a use may come up to {@code L} after its taking, never before
 * it: in a window of uses from u(i) to u(j) only what was taken from u(i) - L to u(j) is used. So from then on the burst is
 * taken for L less, which keeps the sum. Who began before and does not know it either loses his compare-and-set, or his
 * taking lies before all of those.
 *
 * <p>Source: ITU-T I.371, annex A, virtual scheduling algorithm.
 */
final class Meter {
    /** In place of a number: nothing was taken. */
    static final long REFUSED = Long.MIN_VALUE;

    /** In place of a number: it was taken, and the number tells nothing of it. */
    private static final long UNTOLD = Long.MIN_VALUE + 1;

    private static final int PADDING = 16;

    /** One element, with as much room on each side that no neighbour shares its cache line. */
    private final AtomicLongArray fullAt = new AtomicLongArray(2 * PADDING + 1);

    /** Made when threads compete for the first time for a burst that is large enough. */
    private volatile @Nullable Shares shares;

    /** From now on threads that ask often take several at a time, where that pays. */
    void shareOut() {
        shares = new Shares();
    }

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

    /** As {@link #startNanos}, where a rate is known; at once where none is. */
    long start(Known known, long fullAtNanos, long costNanos, long earliestNanos) {
        return known.hasRate()
                ? startNanos(fullAtNanos, costNanos, usable(known.burstNanos()), earliestNanos)
                : earliestNanos;
    }

    private long usable(long burstNanos) {
        return shares != null && Shares.fit(burstNanos) ? burstNanos - Shares.LIFE_NANOS : burstNanos;
    }

    /** Takes so many units if that can start now. */
    boolean tryTake(Known known, long units, long nowNanos) {
        return take(known, units, nowNanos) != REFUSED;
    }

    /** As {@link #tryTake}, though with the number right after it for {@link #set} to take it back, or {@link #REFUSED}. */
    long take(Known known, long units, long nowNanos) {
        return known.hasRate() ? take(known.cost(units), known.burstNanos(), nowNanos) : UNTOLD;
    }

    private long take(long costNanos, long burstNanos, long nowNanos) {
        while (true) {
            Shares shared = shares;
            if (shared != null && Shares.fit(burstNanos)) {
                long usableNanos = burstNanos - Shares.LIFE_NANOS;
                return shared.tryTake(this, costNanos, usableNanos, nowNanos)
                        ? UNTOLD
                        : takeAlone(costNanos, usableNanos, nowNanos);
            }
            long seen = fullAt.get(PADDING);
            if (startNanos(seen, costNanos, burstNanos, nowNanos) > nowNanos) {
                return REFUSED;
            }
            long next = costNanos == 0 ? seen : after(seen, costNanos, nowNanos);
            if (costNanos == 0 || fullAt.compareAndSet(PADDING, seen, next)) {
                return next;
            }
            if (shared == null && Shares.fit(burstNanos) && Shares.pay(costNanos, burstNanos)) {
                shareOut();
            }
        }
    }

    private long takeAlone(long costNanos, long burstNanos, long nowNanos) {
        long seen = fullAt.get(PADDING);
        while (startNanos(seen, costNanos, burstNanos, nowNanos) <= nowNanos) {
            long next = costNanos == 0 ? seen : after(seen, costNanos, nowNanos);
            long witness = costNanos == 0 ? seen : fullAt.compareAndExchange(PADDING, seen, next);
            if (witness == seen) {
                return next;
            }
            seen = witness;
        }
        return REFUSED;
    }

    /** As {@link #tryTake}, though false also where somebody else takes at the same moment. */
    boolean tryTakeOnce(long costNanos, long burstNanos, long nowNanos) {
        long seen = fullAt.get(PADDING);
        return startNanos(seen, costNanos, burstNanos, nowNanos) <= nowNanos
                && fullAt.compareAndSet(PADDING, seen, after(seen, costNanos, nowNanos));
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
