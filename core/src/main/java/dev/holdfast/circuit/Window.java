// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import dev.holdfast.time.Nanos;
import java.util.function.IntSupplier;

/**
 * The outcomes of the last attempts of one closed phase. While nothing fails a success is one addition on a word of its own
 * thread ({@link Tally}) and two reads; what it means is worked out when a failure asks.
 *
 * <p>Data layout: the order of outcomes is kept as runs in a ring, one long for each:
 *
 * <pre>
 *   63                          20 19             2      1        0
 *  | end time in units of 2^20 ns | outcomes       | slow | failure |
 * </pre>
 *
 * A failure or a slow attempt is a run of its own. Successes of one unit of time are one run, and the newest run is always
 * one of successes: what the tally has counted and no run holds yet belongs there. It may be empty; no other run is, so as
 * many runs as the window has places are enough.
 *
 * <p>Where failures come at once and answers take their time, failures end first: while the load grows, or while answers
 * become slower, they are a larger part of what ends than of what starts. So with each run is kept how many attempts were in
 * flight when it began, and what has been added to the flight since counts as attempts that have not failed. Once the load is
 * steady this is nothing, and where attempts hang until their timeout as little.
 *
 * <p>Memory ordering: {@link #unit} is the unit of the newest run. A success looks at it before it counts, and where it has
 * passed the older successes are settled first; so a success may be put later in time than it ended by as long as its thread
 * was held up, never earlier. Then it counts, and after that it reads {@link #watched}; a failure first writes {@code
 * watched}, then adds up. All of these are sequentially consistent: the failure has the success in its sum, or the success
 * finds itself watched and looks. So of two that are concurrent at least one judges both. A success that had returned when
 * a failure began stands before it, one that begins when a failure has returned stands after it.
 *
 * <p>The lock is taken by failures, slow attempts, the first success of a unit of time, and while failures are in sight.
 */
final class Window {
    private static final int TIME_SHIFT = 20;
    private static final int UNIT_SHIFT = 20;
    private static final long FAILURE = 1;
    private static final long SLOW = 2;
    private static final int COUNT_SHIFT = 2;
    private static final int COUNT_MASK = (1 << (UNIT_SHIFT - COUNT_SHIFT)) - 1;

    private final CircuitConfig config;
    private final IntSupplier inFlight;
    private final long spanUnits;
    private final int size;
    private final Tally successes = new Tally();

    /** Written under the lock; grows only. */
    private volatile long unit = Long.MIN_VALUE;

    /** Whether a failure or a slow attempt may be among the outcomes. Written under the lock. */
    private volatile boolean watched;

    // guarded by this
    private final long[] runs;
    private final int[] inFlightThen;
    private long newest;
    private long settled;

    Window(CircuitConfig config, IntSupplier inFlight) {
        this.config = config;
        this.inFlight = inFlight;
        this.spanUnits = Math.max(1, Nanos.of(config.windowDuration()) >> TIME_SHIFT);
        this.size = config.windowSize();
        this.runs = new long[Integer.highestOneBit(size + 1) << 1];
        this.inFlightThen = new int[runs.length];
    }

    /** Whether a success was in time to count; {@link #opens} is to be asked then. */
    boolean addSuccess(long nowNanos) {
        long now = nowNanos >> TIME_SHIFT;
        if (now > unit) {
            turnTo(now);
        }
        return successes.add();
    }

    /** Whether the circuit should open, now that a success has been added. */
    boolean opens(long nowNanos) {
        return watched && looksBad(nowNanos);
    }

    /** Adds a failure, or a success that was slow, and tells whether the circuit should open now. */
    synchronized boolean addBad(boolean failure, boolean slow, long nowNanos) {
        watched = true;
        settle();
        // Threads bring their own readings of the clock, so one may be older than the last.
        long now = Math.max(nowNanos >> TIME_SHIFT, unit);
        push(now, 1L << COUNT_SHIFT | (slow ? SLOW : 0) | (failure ? FAILURE : 0));
        push(now, 0);
        unit = now;
        return count(nowNanos).opens(config);
    }

    /** Successes so far. */
    long successes() {
        return successes.sum();
    }

    /** The phase is over: no success counts any more. Returns how many there were. To be called once. */
    long close() {
        return successes.close();
    }

    private synchronized void turnTo(long now) {
        if (now > unit) {
            settle();
            push(now, 0);
            unit = now;
        }
    }

    private synchronized boolean looksBad(long nowNanos) {
        Count count = count(nowNanos);
        if (count.failures == 0 && count.slow == 0) {
            watched = false;
        }
        return count.opens(config);
    }

    /** Puts what was counted since the last time into the newest run. */
    private void settle() {
        long counted = successes.sum();
        int place = place(newest);
        long outcomes = Math.min(size, outcomes(runs[place]) + counted - settled);
        runs[place] = run(runs[place] >> UNIT_SHIFT, outcomes << COUNT_SHIFT);
        settled = counted;
    }

    private void push(long now, long what) {
        if (outcomes(runs[place(newest)]) > 0) {
            newest++;
        }
        runs[place(newest)] = run(now, what);
        inFlightThen[place(newest)] = inFlight.getAsInt();
    }

    private static long run(long unit, long what) {
        return unit << UNIT_SHIFT | what;
    }

    private static int outcomes(long run) {
        return (int) (run >>> COUNT_SHIFT) & COUNT_MASK;
    }

    private int place(long number) {
        return (int) number & (runs.length - 1);
    }

    synchronized Count count(long nowNanos) {
        settle();
        long oldestUnit = (nowNanos >> TIME_SHIFT) - spanUnits;
        int attempts = 0;
        int failures = 0;
        int slow = 0;
        int streak = 0;
        int inFlightNow = inFlight.getAsInt();
        int beforeAll = inFlightNow;
        int beforeStreak = inFlightNow;
        for (long number = newest; number >= 0 && newest - number < runs.length && attempts < size; number--) {
            long run = runs[place(number)];
            if (run >> UNIT_SHIFT < oldestUnit) {
                break;
            }
            beforeAll = inFlightThen[place(number)];
            if ((run & FAILURE) != 0) {
                if (streak == attempts) {
                    streak++;
                    beforeStreak = beforeAll;
                }
                failures++;
            }
            slow += (run & SLOW) != 0 ? 1 : 0;
            attempts += Math.min(outcomes(run), size - attempts);
        }
        int added = Math.max(0, inFlightNow - beforeAll);
        int addedInStreak = Math.max(0, inFlightNow - beforeStreak);
        return new Count(attempts, failures, slow, streak, added, addedInStreak);
    }

    /**
     * What the window holds.
     *
     * @param streak how many of the latest outcomes are failures without a gap
     * @param added by how many attempts the flight has grown since the oldest outcome
     * @param addedInStreak and since the streak began
     */
    record Count(int attempts, int failures, int slow, int streak, int added, int addedInStreak) {
        static final Count NOTHING = new Count(0, 0, 0, 0, 0, 0);

        boolean opens(CircuitConfig config) {
            int threshold = config.failureThreshold();
            int few = threshold + Math.min(threshold, addedInStreak);
            if (attempts < config.minimumAttempts() && streak >= few) {
                return true;
            }
            int many = 2 * threshold + Math.min(2 * threshold, addedInStreak);
            if (streak >= many) {
                return true;
            }
            return attempts >= config.minimumAttempts()
                    && ((failures >= threshold && failures >= config.failureRate() * (attempts + added))
                            || (config.slowAfter() != null && slow >= config.slowRate() * attempts));
        }
    }
}
