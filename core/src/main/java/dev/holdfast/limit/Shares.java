// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What threads have taken from a {@link Meter} ahead of their use of it, so that those that ask often do not change one
 * number in turn, which costs two cores more than all the rest of a call. A thread that asks again within {@link
 * #LIFE_NANOS} takes for 1, 2, 4, at most {@link #MOST} requests at a time; what is left of a share after that time is void.
 *
 * <p>Data layout: each stripe has {@link #STRIDE} elements, so that no two share a cache line, and belongs to the threads of
 * one hash. {@link #BUSY} guards the other elements: it is taken by compare-and-set and given back by a release write; who
 * finds it taken does not wait but takes from the meter for itself.
 */
final class Shares {
    /** No share outlives this, so a use is at most so much later than its taking. */
    static final long LIFE_NANOS = 1 << 20;

    private static final int MOST = 32;
    private static final int STRIPES = 16;
    private static final int STRIDE = 16;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    /** Elements of a stripe: the lock, what is left, when it was taken, for how many requests. */
    private static final int BUSY = 0;

    private static final int LEFT = 1;
    private static final int TAKEN_AT = 2;
    private static final int REQUESTS = 3;

    private final long[] stripes = new long[(STRIPES + 1) * STRIDE];

    /** Whether a burst is so large that it bears to be a share's life shorter. */
    static boolean fit(long burstNanos) {
        return burstNanos >= 64 * LIFE_NANOS;
    }

    /** Whether what a share leaves unused of a burst is nothing. */
    static boolean pay(long costNanos, long burstNanos) {
        return costNanos > 0 && costNanos <= burstNanos / (16 * MOST);
    }

    /**
     * Takes from the share of the current thread, or a new share from the meter.
     *
     * @return false where the meter has to be asked for this one alone
     */
    boolean tryTake(Meter meter, long costNanos, long burstNanos, long nowNanos) {
        if (!pay(costNanos, burstNanos)) {
            return false;
        }
        int stripe = (((int) Thread.currentThread().getId() & (STRIPES - 1)) + 1) * STRIDE;
        if (!ELEMENT.compareAndSet(stripes, stripe + BUSY, 0L, 1L)) {
            return false;
        }
        long ageNanos = nowNanos - stripes[stripe + TAKEN_AT];
        boolean stands = ageNanos >= 0 && ageNanos < LIFE_NANOS;
        boolean took = stands && stripes[stripe + LEFT] >= costNanos;
        if (took) {
            stripes[stripe + LEFT] -= costNanos;
        } else {
            long requests = stands ? Math.min(MOST, 2 * stripes[stripe + REQUESTS]) : 1;
            // The upper half of a burst is dealt out one by one: there what one has not used is missed by others.
            took = requests > 1 && meter.tryTakeOnce(requests * costNanos, burstNanos / 2, nowNanos);
            stripes[stripe + LEFT] = took ? (requests - 1) * costNanos : 0;
            stripes[stripe + TAKEN_AT] = nowNanos;
            stripes[stripe + REQUESTS] = Math.max(1, requests);
        }
        ELEMENT.setRelease(stripes, stripe + BUSY, 0L);
        return took;
    }
}
