// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How paths of a run part, end and meet. On the run's strand. */
final class Branches {
    private final Run run;

    Branches(Run run) {
        this.run = run;
    }

    /** Makes one branch per edge; nothing is started before the step that they leave is durable. */
    void leave(Path path, String source, List<EdgeSpec> edges, Map<String, @Nullable Object> output) {
        List<String> targets = edges.stream().map(EdgeSpec::target).toList();
        List<Path> branches = new ArrayList<>();
        String prefix = (path.id.isEmpty() ? "" : path.id + "/") + source + "#" + path.visits(source) + ">";
        for (EdgeSpec edge : edges) {
            Path branch = path.branch(prefix + edge.target(), edge.target());
            branch.startedNanos = run.sinceStart(run.ticker.nanos());
            run.moves.follow(branch, edge, output);
            branches.add(branch);
        }
        path.at = source;
        path.state = PathState.FORKED;
        path.fork = new Fork(source, run.layout.join(source, targets), branches);
        if (run.listening()) {
            run.emit(new GraphEvent.BranchesStarted(
                    run.id, source, branches.stream().map(branch -> branch.id).toList(), path.fork.join()));
        }
    }

    /** Does what the state of a path calls for: after a commit, and when a run is resumed. */
    void goOn(Path path) {
        if (run.isOver()) {
            return;
        }
        if (path.state == PathState.READY && path.leavesPause) {
            run.moves.leavePause(path);
        } else if (path.state == PathState.READY) {
            run.moves.proceed(path);
        } else if (path.state == PathState.FORKED && path.fork != null) {
            for (Path branch : path.fork.branches()) {
                watch(branch);
            }
            for (Path branch : List.copyOf(path.fork.branches())) {
                goOn(branch);
            }
        } else {
            run.rest(path, path.state);
        }
    }

    private void watch(Path branch) {
        Duration limit = run.options.fanOut().timeout();
        if (limit != null && !branch.state.isOver()) {
            branch.deadlineNanos = Nanos.add(run.ticker.nanos(), Nanos.of(limit));
            branch.timeout = run.after(branch.deadlineNanos, () -> {
                if (!branch.state.isOver()) {
                    stop(branch);
                    run.fail(branch, new RunError(branch.at, Category.TIMEOUT, "the branch took longer than " + limit));
                }
            });
        }
    }

    /** A path is over: the run ends with it, or its siblings are looked at. */
    void over(Path path) {
        if (path.timeout != null) {
            path.timeout.cancel();
            path.timeout = null;
        }
        Path parent = path.parent;
        if (parent == null) {
            endRun(path);
            return;
        }
        tell(path);
        Fork fork = parent.fork;
        if (fork == null || parent.state != PathState.FORKED) {
            return;
        }
        if (path.state == PathState.FAILED && fork.isLost(run.options.fanOut())) {
            for (Path branch : fork.branches()) {
                if (!branch.state.isOver()) {
                    stop(branch);
                    branch.state = PathState.CANCELLED;
                    branch.endedNanos = run.sinceStart(run.ticker.nanos());
                    tell(branch);
                }
            }
            run.fail(parent, fork.error());
        } else if (fork.isOver()) {
            PathState held = fork.held();
            if (held != null) {
                run.rest(parent, held);
            } else {
                meet(parent, fork);
            }
        }
    }

    private void tell(Path branch) {
        if (run.listening() && !branch.state.isHeld()) {
            BranchReport report = branch.report();
            run.emit(new GraphEvent.BranchEnded(
                    run.id, branch.id, report.outcome(), report.category(), report.elapsed()));
        }
    }

    /** All branches are over: what they did becomes the parent's, in the order of their edges. */
    private void meet(Path parent, Fork fork) {
        Map<String, @Nullable Object> merged;
        try {
            merged = fork.merged(run.options.fanOut().onConflict());
        } catch (Fork.Conflict e) {
            run.fail(parent, new RunError(fork.source(), Category.INVALID_OUTPUT, String.valueOf(e.getMessage())));
            return;
        }
        absorb(parent, fork);
        parent.write(merged);
        Map<String, @Nullable Object> carried = new LinkedHashMap<>();
        String next = null;
        boolean terminal = false;
        for (Path branch : fork.branches()) {
            terminal |= branch.state == PathState.TERMINAL;
            if (branch.state == PathState.ARRIVED) {
                carried.putAll(branch.carried);
                next = next == null || branch.at.equals(fork.join()) ? branch.at : next;
            }
        }
        if (next == null) {
            run.rest(parent, terminal ? PathState.TERMINAL : PathState.NO_EDGE);
        } else {
            parent.carried = carried;
            parent.at = next;
            parent.state = PathState.READY;
            run.strand.post(() -> run.moves.proceed(parent));
        }
    }

    private void absorb(Path parent, Fork fork) {
        Map<String, Integer> before = new LinkedHashMap<>(parent.visits);
        int stepsBefore = parent.steps;
        for (Path branch : fork.branches()) {
            parent.nodes.addAll(branch.nodes);
            parent.attempts.addAll(branch.attempts);
            parent.branches.addAll(branch.branches);
            parent.branches.add(branch.report());
            parent.usage = parent.usage.plus(branch.usage);
            parent.steps += branch.steps - stepsBefore;
            branch.visits.forEach(
                    (node, count) -> parent.visits.merge(node, count - before.getOrDefault(node, 0), Integer::sum));
        }
        parent.fork = null;
    }

    private void endRun(Path path) {
        switch (path.state) {
            case TERMINAL -> run.end(StopReason.TERMINAL, null);
            case NO_EDGE, ARRIVED -> run.end(StopReason.NO_EDGE, null);
            case PAUSED, WAITING -> run.end(StopReason.PAUSED, null);
            case MAX_STEPS -> run.end(StopReason.MAX_STEPS, tooManySteps());
            case FAILED, CANCELLED, READY, FORKED -> run.end(StopReason.FAILED, path.error);
        }
    }

    private RunError tooManySteps() {
        int limit = run.layout.graph().maxSteps();
        String[] node = new String[1];
        run.root.leaves(leaf -> node[0] = node[0] == null && leaf.state == PathState.MAX_STEPS ? leaf.at : node[0]);
        return new RunError(
                node[0],
                Category.INVALID_REQUEST,
                "the graph's max_steps of " + limit
                        + " are used up; raise max_steps, or look for a loop without an end");
    }

    /** Ends what runs in a path and its branches, without a verdict. */
    void stop(Path path) {
        Step step = path.step;
        if (step != null) {
            path.step = null;
            step.cancel();
        }
        if (path.deciding != null) {
            path.deciding.cancel(true);
            path.deciding = null;
        }
        if (path.timeout != null) {
            path.timeout.cancel();
            path.timeout = null;
        }
        if (path.fork != null) {
            path.fork.branches().forEach(this::stop);
        }
    }
}
