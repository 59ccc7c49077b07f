// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt went.
 *
 * @param number from 1
 * @param waited how long the call waited before it
 * @param elapsed how long it took, to its end as far as it is known
 * @param failure what went wrong; null for a success and for a cancelled attempt
 * @param maybeBilled whether it was lost after it was sent, so that the provider may have carried it out and billed it
 * @param inputTokens as told by the attempt, else 0
 * @param outputTokens as told by the attempt, else 0
 * @param hedge whether it was started beside one that was slow to commit
 */
public record AttemptReport(
        int number,
        Target target,
        Outcome outcome,
        @Nullable Failure failure,
        Duration waited,
        Duration elapsed,
        boolean maybeBilled,
        long inputTokens,
        long outputTokens,
        boolean hedge) {

    /** Of an attempt that is no hedge. */
    public AttemptReport(
            int number,
            Target target,
            Outcome outcome,
            @Nullable Failure failure,
            Duration waited,
            Duration elapsed,
            boolean maybeBilled,
            long inputTokens,
            long outputTokens) {
        this(number, target, outcome, failure, waited, elapsed, maybeBilled, inputTokens, outputTokens, false);
    }
}
