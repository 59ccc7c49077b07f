// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.event;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.EdgeCondition;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fact about one run. Events of one run arrive in order; they hold no prompt, answer or value of the memory. {@code
 * branch} is the path that a step is on, empty outside of branches; {@code elapsed} is since the run, step, attempt or
 * branch began.
 */
public sealed interface GraphEvent {
    String run();

    record RunStarted(String run, String graph, boolean resumed) implements GraphEvent {}

    /** Exactly one per run, last. {@code stopReason} and {@code quality} are the words of the result. */
    record RunEnded(String run, String stopReason, String quality, Duration elapsed) implements GraphEvent {}

    record NodeStarted(String run, String branch, String node, int visit, String stepId) implements GraphEvent {}

    /** The step is over; where there is a store, it is durable. {@code attempts} is how many it took. */
    record NodeEnded(
            String run,
            String branch,
            String node,
            int visit,
            Outcome outcome,
            @Nullable Category category,
            int attempts,
            Duration elapsed)
            implements GraphEvent {}

    /** The node has had all its visits and is passed over. */
    record NodeSkipped(String run, String branch, String node, int visit) implements GraphEvent {}

    /** Declared inputs that the memory does not hold. */
    record InputsMissing(String run, String branch, String node, List<String> keys) implements GraphEvent {}

    record AttemptStarted(String run, String branch, String node, int visit, int attempt, int maxAttempts)
            implements GraphEvent {}

    record AttemptEnded(
            String run,
            String branch,
            String node,
            int visit,
            int attempt,
            int maxAttempts,
            Outcome outcome,
            @Nullable Category category,
            @Nullable String message,
            Duration elapsed)
            implements GraphEvent {}

    /** {@code attempt} is the number of the attempt that starts after the delay. */
    record RetryScheduled(
            String run,
            String branch,
            String node,
            int visit,
            int attempt,
            int maxAttempts,
            Category category,
            Duration delay)
            implements GraphEvent {}

    record EdgeFollowed(String run, String branch, String edge, String source, String target, EdgeCondition condition)
            implements GraphEvent {}

    /** An expression or a deciding model gave no yes or no; that counts as no. */
    record EdgeProblem(String run, String branch, String edge, String problem) implements GraphEvent {}

    /** {@code join} is where the branches meet again; null where they do not. */
    record BranchesStarted(
            String run,
            String source,
            List<String> branches,
            @Nullable String join) implements GraphEvent {}

    record BranchEnded(
            String run,
            String branch,
            Outcome outcome,
            @Nullable Category category,
            Duration elapsed) implements GraphEvent {}

    /** The state up to here is durable. */
    record CheckpointWritten(String run, long sequence, Duration elapsed) implements GraphEvent {}

    record CheckpointFailed(String run, long sequence, String message) implements GraphEvent {}
}
