// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import dev.holdfast.time.Nanos;

/**
 * The limit that lets a target's load grow only as fast as the target proves that it bears it. Guarded by the lock of its
 * {@link Admission}.
 *
 * <p>Two movements. By commits: while the limit binds each commit adds a place, so that a round of commits doubles it and no
 * answer ever brings more than two requests. (Doubling at one blow at the end of a round would hit a target that is nearly
 * full with as many more as it bears, all in one instant, and so many refusals in a row open its circuit.) Each
 * overloaded takes a place away, from what is in flight and not below the floor, and as many commits as the floor has places
 * must pass before the next one is added: otherwise the few requests beyond what the target bears would be refused again and
 * again. So a target that is full settles where about one answer in twelve refuses (with the default floor), and one that
 * refuses fewer than that at random, whatever its load, does not starve its callers. By time: at the end of each half of
 * {@code peakWindow}, unless the limit binds just then, it becomes max(floor, 2 × peak of the last two halves), upward only
 * if nothing said overloaded in them. So a busy target keeps room to double, and an idle one falls back to the floor.
 */
final class Ramp {
    private final RampConfig config;
    private final long halfNanos;
    private int limit;

    /** Commits that must pass before one adds a place again. */
    private int heldCommits;

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

    /** Counts a commit; true if the limit has grown. */
    boolean committed() {
        if (heldCommits > 0) {
            heldCommits--;
            return false;
        }
        if (limit >= Admission.NO_LIMIT) {
            return false;
        }
        limit++;
        return true;
    }

    /** The target has refused; true if the limit has fallen. */
    boolean overloaded(int inFlight) {
        overloaded = true;
        int before = limit;
        if (limit > config.floor() && config.enabled()) {
            limit = Math.max(config.floor(), Math.min(limit, inFlight) - 1);
        }
        heldCommits = Math.min(limit, config.floor());
        return limit < before;
    }

    /** Starts again from here, with the same rules. */
    void restart(int newLimit, int inFlight, long nowNanos) {
        if (config.enabled()) {
            limit = newLimit;
            heldCommits = 0;
            peakBefore = inFlight;
            rollAtNanos = Nanos.add(nowNanos, halfNanos);
        }
    }

    private static int doubled(int value) {
        return value > Admission.NO_LIMIT / 2 ? Admission.NO_LIMIT : 2 * value;
    }
}
