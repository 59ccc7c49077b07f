// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import dev.holdfast.time.Nanos;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The outcomes of the last attempts of one closed phase, lock-free and without allocation.
 *
 * <p>Data layout: {@link Positions} deals out positions; position p lies in ring slot {@code p & mask} as one long. The ring
 * is a power of two, because a division costs as much as all the rest here, and at least twice the window, because every
 * second position may stay empty:
 *
 * <pre>
 *   63            44 43                            3   2      1       0
 *  | position mod 2^20 | end time in units of 2^20 ns | slow | failure | written |
 * </pre>
 *
 * A reader walks back from the last position until it has seen as many outcomes as the window holds, and skips a slot whose
 * position is not the one that it looks for: that writer has a place and has not filled it yet, so its outcome counts as
 * later than this reading, and a writer that others could wait for looks for itself once it has written; or nobody ever
 * will. 2^20 positions are many times the largest ring, so an older lap cannot be taken for this one. Position and outcome
 * are one volatile write, so a slot is never half read.
 *
 * <p>Order: failures and slow attempts stand in the order of their ends, and each success on the right side of all of them;
 * successes among each other may be a unit of time out of order where threads compete, see {@link Positions}.
 */
final class Window {
    private static final int TIME_SHIFT = 20;
    private static final long WRITTEN = 1;
    private static final long FAILURE = 2;
    private static final long SLOW = 4;
    private static final int FLAG_BITS = 3;
    private static final int POSITION_SHIFT = 44;
    private static final long POSITION_MASK = (1L << (64 - POSITION_SHIFT)) - 1;
    private static final long TIME_MASK = (1L << (POSITION_SHIFT - FLAG_BITS)) - 1;
    private static final long NO_FAILURE = Long.MIN_VALUE / 2;

    // On array and field themselves: an object around each would be one more load behind each fence.
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle LAST_BAD;

    static {
        try {
            LAST_BAD = MethodHandles.lookup().findVarHandle(Window.class, "lastBad", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CircuitConfig config;
    private final long spanUnits;
    private final int size;
    private final int mask;
    private final Positions positions;
    private final long[] ring;

    /** The highest position that failed or was slow: while it is out of sight a success needs no look at the ring. */
    private volatile long lastBad = NO_FAILURE;

    Window(CircuitConfig config) {
        this(config, new Positions());
    }

    Window(CircuitConfig config, Positions positions) {
        this.positions = positions;
        this.config = config;
        this.spanUnits = Math.max(1, Nanos.of(config.windowDuration()) >> TIME_SHIFT);
        this.size = config.windowSize();
        this.mask = (Integer.highestOneBit(2 * size - 1) << 1) - 1;
        this.ring = new long[mask + 1];
    }

    /** Adds an outcome and tells whether the circuit should open now. */
    boolean add(boolean failure, boolean slow, long nowNanos) {
        boolean bad = failure || slow;
        long time = (nowNanos >> TIME_SHIFT) & TIME_MASK;
        long position = bad ? positions.inOrder() : positions.forSuccess(time, lastBad);
        long entry = (position << POSITION_SHIFT)
                | (time << FLAG_BITS)
                | (slow ? SLOW : 0)
                | (failure ? FAILURE : 0)
                | WRITTEN;
        int slot = (int) position & mask;
        if (!bad && position - lastBad > reach()) {
            // Nobody looks at the ring now, so no fence; a failure that comes in this instant sees it or counts before
            // it.
            ENTRY.setRelease(ring, slot, entry);
            return false;
        }
        ENTRY.setVolatile(ring, slot, entry);
        if (bad) {
            raiseLastBad(position);
        }
        return count(nowNanos).opens(config);
    }

    private void raiseLastBad(long position) {
        long seen = lastBad;
        while (seen < position && !LAST_BAD.compareAndSet(this, seen, position)) {
            seen = lastBad;
        }
    }

    /** How far back the oldest outcome of the window can lie. */
    private int reach() {
        return positions.hasGaps() ? mask + 1 : size;
    }

    Count count(long nowNanos) {
        long end = positions.end();
        int reach = reach();
        long oldestTime = (nowNanos >> TIME_SHIFT) - spanUnits;
        int attempts = 0;
        int failures = 0;
        int slow = 0;
        int streak = 0;
        for (long position = end - 1; position >= 0 && end - position <= reach && attempts < size; position--) {
            long entry = (long) ENTRY.getVolatile(ring, (int) position & mask);
            boolean present = (entry & WRITTEN) != 0
                    && (entry >>> POSITION_SHIFT) == (position & POSITION_MASK)
                    && ((entry >>> FLAG_BITS) & TIME_MASK) >= oldestTime;
            if (present) {
                boolean failed = (entry & FAILURE) != 0;
                if (failed && streak == attempts) {
                    streak++;
                }
                attempts++;
                failures += failed ? 1 : 0;
                slow += (entry & SLOW) != 0 ? 1 : 0;
            }
        }
        return new Count(attempts, failures, slow, streak);
    }

    /** What the window holds; {@code streak} is how many of the latest outcomes are failures without a gap. */
    record Count(int attempts, int failures, int slow, int streak) {
        boolean opens(CircuitConfig config) {
            int threshold = config.failureThreshold();
            if (attempts < config.minimumAttempts() && streak >= threshold) {
                return true;
            }
            if (streak >= 2 * threshold) {
                return true;
            }
            return attempts >= config.minimumAttempts()
                    && ((failures >= threshold && failures >= config.failureRate() * attempts)
                            || (config.slowAfter() != null && slow >= config.slowRate() * attempts));
        }
    }
}
