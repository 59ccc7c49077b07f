// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.diagram.RunTrace;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended. Immutable.
 *
 * @param run its id
 * @param output the whole memory at the end, also of a run that failed; of branches that had not met yet, what was there
 *     before them
 * @param path one node per visit, branches one after the other in the order of their edges
 * @param attempts every attempt, in the order of the path
 * @param visits how often each node was entered, visits that were passed over included
 * @param branches the branches that are over, in the order of the path
 * @param steps visits, those that were passed over included; retries are none
 * @param usage tokens of all model calls, failed attempts included
 * @param pausedAt the nodes where a paused run waits
 * @param error why it did not get through; null when it did, or is paused
 * @param elapsed how long it ran, over all its resumes
 */
public record GraphResult(
        String run,
        StopReason stopReason,
        Map<String, @Nullable Object> output,
        List<String> path,
        List<NodeAttempt> attempts,
        Map<String, Integer> visits,
        List<BranchReport> branches,
        int steps,
        Usage usage,
        Quality quality,
        List<String> pausedAt,
        @Nullable RunError error,
        Duration elapsed) {

    public GraphResult {
        output = Collections.unmodifiableMap(new LinkedHashMap<>(output));
        path = List.copyOf(path);
        attempts = List.copyOf(attempts);
        visits = Collections.unmodifiableMap(new LinkedHashMap<>(visits));
        branches = List.copyOf(branches);
        pausedAt = List.copyOf(pausedAt);
    }

    /** Whether it got to an end, or to where it is meant to pause. */
    public boolean success() {
        return stopReason == StopReason.TERMINAL || stopReason == StopReason.NO_EDGE || stopReason == StopReason.PAUSED;
    }

    /** How many attempts failed. */
    public int failedAttempts() {
        return (int) attempts.stream().filter(NodeAttempt::failed).count();
    }

    /** The nodes with a failed attempt, in the order of their first. */
    public Set<String> nodesWithFailures() {
        Set<String> nodes = new LinkedHashSet<>();
        attempts.stream().filter(NodeAttempt::failed).forEach(attempt -> nodes.add(attempt.node()));
        return nodes;
    }

    /** How many attempts of a node failed. */
    public int failedAttempts(String node) {
        return (int) attempts.stream()
                .filter(attempt -> attempt.failed() && attempt.node().equals(node))
                .count();
    }

    /** What {@link dev.holdfast.graph.diagram.GraphDiagram} needs to draw the way that was taken. */
    public RunTrace trace() {
        Map<String, List<NodeAttempt>> visited = new LinkedHashMap<>();
        for (NodeAttempt attempt : attempts) {
            visited.computeIfAbsent(
                            attempt.branch() + " " + attempt.node() + " " + attempt.visit(), key -> new ArrayList<>())
                    .add(attempt);
        }
        return new RunTrace(
                stopReason.word(),
                visited.values().stream().map(GraphResult::visit).toList(),
                elapsed);
    }

    private static RunTrace.Visit visit(List<NodeAttempt> tried) {
        NodeAttempt first = tried.get(0);
        NodeAttempt last = tried.get(tried.size() - 1);
        return new RunTrace.Visit(
                first.node(),
                tried.size(),
                (int) tried.stream().filter(NodeAttempt::failed).count(),
                last.outcome() != Outcome.SUCCESS,
                last.started().plus(last.elapsed()).minus(first.started()));
    }
}
