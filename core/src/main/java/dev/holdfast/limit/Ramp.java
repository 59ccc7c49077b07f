// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import dev.holdfast.time.Nanos;

/**
 * The limit that lets a target's load grow only as fast as the target proves that it bears it. Guarded by the lock of its
 * {@link Admission}.
 *
 * <p>Two movements. In rounds: while the limit binds, as many commits as it had places at the start of the round double
 * it, unless the target said overloaded: then the round starts anew. By time: at the end of each half of
 * {@code peakWindow}, unless the limit binds just then, it becomes max(floor, 2 × peak of the last two halves), upward only
 * if nothing said overloaded in them. So a busy target keeps room to double, and an idle one falls back to the floor.
 */
final class Ramp {
    private final RampConfig config;
    private final long halfNanos;
    private int limit;
    private int commitsLeft;
    private int peakBefore;
    private boolean overloaded;
    private boolean overloadedBefore;
    private long rollAtNanos;

    Ramp(RampConfig config) {
        this.config = config;
        this.halfNanos = Math.max(1, Nanos.of(config.peakWindow()) / 2);
        this.limit = config.enabled() ? config.floor() : Admission.NO_LIMIT;
        this.rollAtNanos = config.enabled() ? 0 : Nanos.NEVER;
    }

    int limit() {
        return limit;
    }

    /** When {@link #roll} wants to be called. */
    long rollAtNanos() {
        return rollAtNanos;
    }

    /** Ends half a window. */
    void roll(int peak, int inFlight, boolean binds, long nowNanos) {
        // Whoever enters rolls first where it is due: in halves that nobody has rolled since, nobody entered.
        boolean stale = nowNanos - rollAtNanos >= halfNanos;
        int latest = stale ? inFlight : peak;
        if (!binds) {
            int recent = Math.max(latest, stale ? inFlight : peakBefore);
            int next = Math.max(config.floor(), doubled(recent));
            boolean calm = stale || !(overloaded || overloadedBefore);
            limit = calm ? next : Math.min(limit, next);
        }
        peakBefore = latest;
        overloadedBefore = overloaded && !stale;
        overloaded = false;
        rollAtNanos = Nanos.add(nowNanos, halfNanos);
    }

    /** Somebody had to wait because of this limit: from now on commits count. */
    void startRound() {
        commitsLeft = limit;
    }

    /** Counts a commit; true if it was the last of the round and the limit has doubled. */
    boolean committed() {
        commitsLeft--;
        if (commitsLeft > 0) {
            return false;
        }
        limit = doubled(limit);
        commitsLeft = limit;
        return true;
    }

    void overloaded() {
        overloaded = true;
        commitsLeft = limit;
    }

    /** Starts again from here, with the same rules. */
    void restart(int newLimit, int inFlight, long nowNanos) {
        if (config.enabled()) {
            limit = newLimit;
            commitsLeft = newLimit;
            peakBefore = inFlight;
            rollAtNanos = Nanos.add(nowNanos, halfNanos);
        }
    }

    private static int doubled(int value) {
        return value > Admission.NO_LIMIT / 2 ? Admission.NO_LIMIT : 2 * value;
    }
}
