// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the paths of a run together: a path first, then the branches that left it, in the order of their edges. */
final class Results {
    private final List<String> nodes = new ArrayList<>();
    private final List<NodeAttempt> attempts = new ArrayList<>();
    private final List<BranchReport> branches = new ArrayList<>();
    private final Map<String, Integer> visits = new LinkedHashMap<>();
    private int steps;
    private Usage usage = Usage.NONE;

    private Results() {}

    static GraphResult of(Run run, StopReason reason, @Nullable RunError error) {
        Results all = new Results();
        all.add(run.root, Map.of(), 0);
        boolean through = reason == StopReason.TERMINAL || reason == StopReason.NO_EDGE || reason == StopReason.PAUSED;
        return new GraphResult(
                run.id,
                reason,
                run.root.memory,
                all.nodes,
                all.attempts,
                all.visits,
                all.branches,
                all.steps,
                all.usage,
                Quality.of(through, all.attempts),
                run.pausedAt(),
                error,
                Duration.ofNanos(run.sinceStart(run.ticker.nanos())));
    }

    private void add(Path path, Map<String, Integer> visitsBefore, int stepsBefore) {
        nodes.addAll(path.nodes);
        attempts.addAll(path.attempts);
        branches.addAll(path.branches);
        path.visits.forEach(
                (node, count) -> visits.merge(node, count - visitsBefore.getOrDefault(node, 0), Integer::sum));
        steps += path.steps - stepsBefore;
        usage = usage.plus(path.usage);
        if (path.fork != null) {
            for (Path branch : path.fork.branches()) {
                add(branch, path.visits, path.steps);
                if (branch.state.isOver() && !branch.state.isHeld()) {
                    branches.add(branch.report());
                }
            }
        }
    }
}
