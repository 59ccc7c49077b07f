// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.run.GraphResult;
import dev.holdfast.graph.run.NodeAttempt;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Of the result of a run. */
    public static RunTrace of(GraphResult result) {
        List<Visit> visits = new ArrayList<>();
        List<NodeAttempt> visit = new ArrayList<>();
        for (NodeAttempt attempt : result.attempts()) {
            if (!visit.isEmpty() && !sameVisit(visit.get(0), attempt)) {
                visits.add(visit(visit));
                visit.clear();
            }
            visit.add(attempt);
        }
        if (!visit.isEmpty()) {
            visits.add(visit(visit));
        }
        return new RunTrace(result.stopReason().word(), visits, result.elapsed());
    }

    private static boolean sameVisit(NodeAttempt first, NodeAttempt second) {
        return first.node().equals(second.node())
                && first.visit() == second.visit()
                && first.branch().equals(second.branch());
    }

    private static Visit visit(List<NodeAttempt> attempts) {
        NodeAttempt first = attempts.get(0);
        NodeAttempt last = attempts.get(attempts.size() - 1);
        int failed = (int) attempts.stream()
                .filter(attempt -> attempt.outcome() == Outcome.FAILURE)
                .count();
        Duration elapsed = last.started().plus(last.elapsed()).minus(first.started());
        return new Visit(first.node(), attempts.size(), failed, last.outcome() != Outcome.SUCCESS, elapsed);
    }
}
