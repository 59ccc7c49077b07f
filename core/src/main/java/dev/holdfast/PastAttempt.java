// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt, as small as can be, because a call that waits for its retry keeps it; a public report is made of
 * it only when somebody asks. Linked to the one before. Immutable.
 */
final class PastAttempt {
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final int BILLED = 1;
    private static final int OUTCOME_SHIFT = 1;
    private static final int NUMBER_SHIFT = 4;
    private static final int OUTCOME_MASK = (1 << (NUMBER_SHIFT - OUTCOME_SHIFT)) - 1;

    final int index;
    final @Nullable Failure failure;
    final long waitedNanos;
    final @Nullable PastAttempt before;
    private final long elapsedNanos;

    /** Number, outcome and whether it may have been billed. */
    private final int packed;

    /** Input and output; null for the usual failed attempt, which told nothing. */
    private final long @Nullable [] tokens;

    PastAttempt(
            AttemptRun<?> attempt,
            int index,
            Outcome outcome,
            @Nullable Failure failure,
            long waitedNanos,
            long elapsedNanos,
            boolean maybeBilled,
            @Nullable PastAttempt before) {
        this.index = index;
        this.failure = failure;
        this.waitedNanos = waitedNanos;
        this.elapsedNanos = elapsedNanos;
        this.packed =
                attempt.number() << NUMBER_SHIFT | outcome.ordinal() << OUTCOME_SHIFT | (maybeBilled ? BILLED : 0);
        this.tokens = attempt.tokens();
        this.before = before;
    }

    AttemptReport report(Target target) {
        return new AttemptReport(
                packed >>> NUMBER_SHIFT,
                target,
                OUTCOMES[packed >>> OUTCOME_SHIFT & OUTCOME_MASK],
                failure,
                Duration.ofNanos(waitedNanos),
                Duration.ofNanos(elapsedNanos),
                (packed & BILLED) != 0,
                tokens == null ? 0 : tokens[0],
                tokens == null ? 0 : tokens[1]);
    }
}
