// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts successes without making threads meet, until it is closed; each one is counted exactly once, here or by the caller
 * who is told that it came too late. Thread-safe.
 *
 * <p>Data layout: one cell for each stripe of threads, {@link #STRIDE} elements apart so that no two share a cache line, and
 * as far from both ends of the array. The sign bit of a cell says that the tally is closed.
 *
 * <p>Memory ordering: cells change by atomic read-modify-write operations only, and the one that adds returns the sign as it
 * was. So an addition lies either before the closing of its cell, and {@link #close} has its count, or after it, and the one
 * who added knows.
 */
final class Tally {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long CLOSED = Long.MIN_VALUE;
    private static final int STRIDE = 16;
    private static final int MOST_STRIPES = 8;

    /** As many as threads can run at once, a power of two. */
    private static final int STRIPES = Math.min(
            MOST_STRIPES, Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() - 1));

    private final long[] cells = new long[(STRIPES + 2) * STRIDE];

    /** Counts one more; false when it came after the closing, and then it is not counted here. */
    boolean add() {
        int stripe = (int) Thread.currentThread().getId() & (STRIPES - 1);
        return (long) CELL.getAndAdd(cells, index(stripe), 1L) >= 0;
    }

    /** The count so far: everything whose addition has returned is in it. */
    long sum() {
        long sum = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            sum += (long) CELL.getVolatile(cells, index(stripe)) & ~CLOSED;
        }
        return sum;
    }

    /** Ends it, once, and returns the final count. */
    long close() {
        long sum = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            sum += (long) CELL.getAndBitwiseOr(cells, index(stripe), CLOSED);
        }
        return sum;
    }

    private static int index(int stripe) {
        return (stripe + 1) * STRIDE;
    }
}
