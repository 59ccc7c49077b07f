// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt of one visit went.
 *
 * @param branch the path it was on; empty outside of branches
 * @param visit from 1, per node and path
 * @param attempt from 1, per visit
 * @param outcome success, failure or cancelled
 * @param category what kind of failure; null for a success
 * @param message what went wrong in one line; null for a success
 * @param started how long after the start of the run; the time between a crash and a resume does not count
 * @param elapsed how long it took
 */
public record NodeAttempt(
        String branch,
        String node,
        int visit,
        int attempt,
        Outcome outcome,
        @Nullable Category category,
        @Nullable String message,
        Duration started,
        Duration elapsed) {

    boolean failed() {
        return outcome == Outcome.FAILURE;
    }
}
