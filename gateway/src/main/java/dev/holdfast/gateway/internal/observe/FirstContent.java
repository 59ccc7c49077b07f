// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.AttemptReport;
import dev.holdfast.failure.Outcome;
import java.time.Duration;

/** How long the target that answered took to its first content, without what the call had spent before on others. */
final class FirstContent {
    private FirstContent() {}

    /**
     * Where a hedge won, the time counts from the start of the attempt that it was started beside: that is what the record
     * tells.
     *
     * @param firstContent from the start of the call
     */
    static Duration ofAttempt(CallRecord call, Duration firstContent) {
        Duration before = Duration.ZERO;
        int last = call.attempts().size() - 1;
        for (int i = 0; i <= last; i++) {
            AttemptReport attempt = call.attempts().get(i);
            before = before.plus(attempt.waited());
            if (i == last || attempt.outcome() == Outcome.SUCCESS) {
                break;
            }
            if (attempt.outcome() != Outcome.CANCELLED) {
                before = before.plus(attempt.elapsed());
            }
        }
        Duration own = firstContent.minus(before);
        return own.isNegative() ? Duration.ZERO : own;
    }
}
