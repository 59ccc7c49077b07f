// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.failure.Failure;
import dev.holdfast.time.Nanos;
import java.time.Duration;

/**
 * A credential that cannot work, as one immutable step: each change makes a new object, so that a trial is recognised by
 * identity.
 *
 * @param failure what the provider said
 * @param sinceNanos when the block began
 * @param untilNanos when it ends (stated) or when one live call may try (not stated)
 * @param stated whether the provider stated the end
 * @param stepNanos how long this step lasts, doubled by the next failed trial
 * @param trialUntilNanos until when the live call that tries has the place; 0 when none does
 */
record Block(Failure failure, long sinceNanos, long untilNanos, boolean stated, long stepNanos, long trialUntilNanos) {
    private static final long FIRST_STEP_NANOS = 60_000_000_000L;
    private static final long LONGEST_STEP_NANOS = 300_000_000_000L;

    static Block first(Failure failure, long nowNanos) {
        Duration hint = failure.hint();
        long waitNanos = hint != null ? Nanos.of(hint) : FIRST_STEP_NANOS;
        long untilNanos = Nanos.add(nowNanos, waitNanos);
        return new Block(failure.withCause(null), nowNanos, untilNanos, hint != null, FIRST_STEP_NANOS, 0);
    }

    /** After a live call failed in the same way. */
    Block again(Failure again, long nowNanos) {
        if (again.hint() != null) {
            return first(again, nowNanos).since(sinceNanos);
        }
        long longer = Math.min(stepNanos * 2, LONGEST_STEP_NANOS);
        return new Block(again.withCause(null), sinceNanos, Nanos.add(nowNanos, longer), false, longer, 0);
    }

    Block withTrial(long untilTrialNanos) {
        return new Block(failure, sinceNanos, untilNanos, stated, stepNanos, untilTrialNanos);
    }

    private Block since(long nanos) {
        return new Block(failure, nanos, untilNanos, stated, stepNanos, trialUntilNanos);
    }

    boolean over(long nowNanos) {
        return stated && nowNanos >= untilNanos;
    }

    boolean trialFree(long nowNanos) {
        return nowNanos >= untilNanos && nowNanos >= trialUntilNanos;
    }

    /** When a call can go through. */
    long returnAtNanos() {
        return Math.max(untilNanos, trialUntilNanos);
    }
}
