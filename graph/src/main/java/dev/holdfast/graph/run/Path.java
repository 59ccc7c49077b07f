// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Outcome;
import dev.holdfast.llm.Usage;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One way through the graph: the run itself, or a branch of it. Holds only what has been committed; what a running step has
 * done so far is the step's. Touched by the run's strand alone.
 */
final class Path {
    /** Empty for the run itself, else such as {@code source#1>target}, within the path it left. */
    final String id;

    final @Nullable Path parent;

    PathState state = PathState.READY;

    /** The node to visit next; the node visited last once the path is over. */
    String at;

    /** Never changed in place: attempts read it from other threads. */
    Map<String, @Nullable Object> memory;
    /** What this branch has written since it left. */
    final Map<String, @Nullable Object> written = new LinkedHashMap<>();

    final Map<String, Integer> visits;
    int steps;
    final List<String> nodes = new ArrayList<>();
    final List<NodeAttempt> attempts = new ArrayList<>();
    final List<BranchReport> branches = new ArrayList<>();
    Usage usage = Usage.NONE;

    /** The output of the last node, or the failure that its handler is told. */
    Map<String, @Nullable Object> carried = Map.of();

    boolean afterFailure;

    /** What a step that is not committed wants kept. */
    Map<String, @Nullable Object> progress = Map.of();

    @Nullable
    Fork fork;

    @Nullable
    RunError error;

    /** When it left, and when it was over, in nanoseconds since the run began. */
    long startedNanos;

    long endedNanos;

    // Of this process only.
    @Nullable
    Step step;

    @Nullable
    CompletableFuture<?> deciding;
    /** Resumed after a pause node: its edges come first. */
    boolean leavesPause;

    @Nullable
    Map<String, @Nullable Object> answer;

    Timer.@Nullable Scheduled timeout;
    long deadlineNanos = Nanos.NEVER;

    /** A run that begins. */
    Path(String id, @Nullable Path parent, String at, Map<String, @Nullable Object> memory) {
        this.id = id;
        this.parent = parent;
        this.at = at;
        this.memory = memory;
        this.visits = new LinkedHashMap<>();
    }

    /** A branch that leaves this path. */
    Path branch(String branchId, String target) {
        Path branch = new Path(branchId, this, target, memory);
        branch.visits.putAll(visits);
        branch.steps = steps;
        branch.carried = carried;
        return branch;
    }

    void write(Map<String, @Nullable Object> values) {
        if (parent != null) {
            written.putAll(values);
        }
        Map<String, @Nullable Object> next = new LinkedHashMap<>(memory);
        next.putAll(values);
        memory = next;
    }

    /** Whether the node is where this branch, or one that it is part of, meets the others. */
    boolean meetsAt(String node) {
        for (Path path = this; path != null && path.parent != null; path = path.parent) {
            Fork left = path.parent.fork;
            if (left != null && node.equals(left.join())) {
                return true;
            }
        }
        return false;
    }

    int visits(String node) {
        return visits.getOrDefault(node, 0);
    }

    /** Attempts of a node on this path, those before it left its parent included. */
    int attempts(String node) {
        int count = 0;
        for (Path path = this; path != null; path = path.parent) {
            for (NodeAttempt attempt : path.attempts) {
                count += attempt.node().equals(node) ? 1 : 0;
            }
        }
        return count;
    }

    int retries() {
        return (int) attempts.stream().filter(NodeAttempt::failed).count();
    }

    BranchReport report() {
        boolean success = state.isDone();
        Outcome lost = state == PathState.CANCELLED ? Outcome.CANCELLED : Outcome.FAILURE;
        return new BranchReport(
                id,
                success ? Outcome.SUCCESS : lost,
                error == null ? null : error.category(),
                Quality.of(success, attempts),
                retries(),
                Duration.ofNanos(endedNanos - startedNanos));
    }

    /** The ends of this path: itself, or those of its branches. */
    void leaves(Consumer<Path> each) {
        if (fork == null) {
            each.accept(this);
        } else {
            fork.branches().forEach(branch -> branch.leaves(each));
        }
    }
}
