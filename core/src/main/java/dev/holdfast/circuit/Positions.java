// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Deals out the positions of a {@link Window}, lock-free: each one once. While threads do not compete they come one by one
 * from a common cursor, in the order of asking. A cursor that two cores change in turn costs them more than all the rest of
 * a call, so from the first lost compare-and-set on, a thread that asks often takes several at a time: 1, 2, 4, at most
 * {@link #MOST}, as long as it asks again within the same unit of time.
 *
 * <p>What order means then: a position that was dealt later than a failure is the higher one, always, because the rest of a
 * share is void once it lies below a failure, and what is no success takes its position from the cursor. Successes among
 * each other may be out of order by one unit of time, which no rule of the circuit can tell. What is left of a share when
 * its time is over stays empty; since shares grow only by use, at most every second position does.
 *
 * <p>Data layout: each stripe has {@link #STRIDE} elements, so that no two share a cache line, and belongs to the threads
 * of one hash. {@link #BUSY} guards the other elements of a stripe: it is taken by compare-and-set and given back by a
 * release write; who finds it taken does not wait but asks the cursor.
 */
final class Positions {
    /** On the array itself: an object around it would be one more load behind each fence. */
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int MOST = 8;
    private static final int STRIPES = 16;
    private static final int STRIDE = 16;

    /** Elements of a stripe: the lock, the next position, how many are left, how many there were, their unit of time. */
    private static final int BUSY = 0;

    private static final int NEXT = 1;
    private static final int LEFT = 2;
    private static final int SHARE = 3;
    private static final int UNIT = 4;

    /** One element, with as much room on each side that no neighbour shares its cache line. */
    private final long[] cursor = new long[2 * STRIDE + 1];

    /** Made when threads compete for the first time; most windows never need it. */
    private volatile long @Nullable [] stripes;

    /** From now on threads that ask often take several at a time. */
    void shareOut() {
        stripes = new long[STRIPES * STRIDE];
    }

    /** One more than the highest position dealt so far. */
    long end() {
        return (long) ELEMENT.getVolatile(cursor, STRIDE);
    }

    /** Whether positions can stay empty. */
    boolean hasGaps() {
        return stripes != null;
    }

    /** The next one in the order of asking, for what the order is asked of. */
    long inOrder() {
        return take(1);
    }

    /**
     * A position for a success.
     *
     * @param unit the time now, in units
     * @param lastBad the highest position of a failure: what is dealt is higher
     */
    long forSuccess(long unit, long lastBad) {
        long[] shared = stripes;
        if (shared == null) {
            long position = end();
            if (ELEMENT.compareAndSet(cursor, STRIDE, position, position + 1)) {
                return position;
            }
            shareOut();
            return inOrder();
        }
        int stripe = ((int) Thread.currentThread().getId() & (STRIPES - 1)) * STRIDE;
        if (!ELEMENT.compareAndSet(shared, stripe + BUSY, 0L, 1L)) {
            return inOrder();
        }
        long left = shared[stripe + LEFT];
        long position = shared[stripe + NEXT];
        boolean stands = shared[stripe + UNIT] == unit && position > lastBad;
        if (!stands || left == 0) {
            left = stands ? Math.max(1, Math.min(MOST, 2 * shared[stripe + SHARE])) : 1;
            position = take(left);
            shared[stripe + SHARE] = left;
            shared[stripe + UNIT] = unit;
        }
        shared[stripe + NEXT] = position + 1;
        shared[stripe + LEFT] = left - 1;
        ELEMENT.setRelease(shared, stripe + BUSY, 0L);
        return position;
    }

    private long take(long count) {
        return (long) ELEMENT.getAndAdd(cursor, STRIDE, count);
    }
}
