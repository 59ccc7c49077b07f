// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a picture shows of a run.
 *
 * @param outcome how the run ended, in a word or two
 * @param visits in the order of the path; branches one after the other
 * @param elapsed how long the run took
 */
public record RunTrace(String outcome, List<Visit> visits, Duration elapsed) {

    /**
     * One visit of a node.
     *
     * @param attempts all of them, the successful one included
     * @param failedAttempts those that failed
     * @param failed whether the visit itself failed
     * @param elapsed from the first attempt's start to the last one's end
     */
    public record Visit(String node, int attempts, int failedAttempts, boolean failed, Duration elapsed) {
        public Visit {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(elapsed, "elapsed");
        }
    }

    public RunTrace {
        Objects.requireNonNull(outcome, "outcome");
        visits = List.copyOf(visits);
        Objects.requireNonNull(elapsed, "elapsed");
    }
}
