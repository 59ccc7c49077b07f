// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

/**
 * Additive increase, multiplicative decrease: throttling leaves {@code decrease} of the limit, at most once per round; a
 * round of commits adds one while the limit binds. There is no limit before the first throttling, which cuts what is in
 * flight then. Guarded by the lock of its {@link Admission}.
 *
 * <p>Source: D.-M. Chiu and R. Jain, "Analysis of the Increase and Decrease Algorithms for Congestion Avoidance in Computer
 * Networks", 1989.
 */
final class AdaptiveLimit {
    private final ConcurrencyConfig config;
    private int limit = Admission.NO_LIMIT;
    private int commitsLeft;

    /** Outcomes until throttling may cut again: those that follow a cut closely were sent before it. */
    private int outcomesLeft;

    AdaptiveLimit(ConcurrencyConfig config) {
        this.config = config;
    }

    int limit() {
        return limit;
    }

    /** Whether there is something to count. */
    boolean active() {
        return limit < Admission.NO_LIMIT;
    }

    /** Counts a commit; true if the limit has grown. */
    boolean committed(boolean binds) {
        if (!active()) {
            return false;
        }
        outcomesLeft = Math.max(0, outcomesLeft - 1);
        if (!binds) {
            return false;
        }
        commitsLeft--;
        if (commitsLeft > 0) {
            return false;
        }
        limit++;
        commitsLeft = limit;
        return true;
    }

    /** The target throttled; true if the limit has fallen. */
    boolean overloaded(int inFlight) {
        if (!config.adaptive()) {
            return false;
        }
        if (outcomesLeft > 0) {
            outcomesLeft--;
            return false;
        }
        int from = active() ? limit : Math.max(1, inFlight);
        limit = Math.max(1, (int) (from * config.decrease()));
        commitsLeft = limit;
        outcomesLeft = limit;
        return true;
    }
}
