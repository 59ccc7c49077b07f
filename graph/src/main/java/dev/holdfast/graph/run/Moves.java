// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.event.GraphEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a path moves: into its next step, and with what came of it along its edges. On the run's strand. */
final class Moves {
    private final Run run;

    Moves(Run run) {
        this.run = run;
    }

    /** The next step of a path, whatever it is. */
    void proceed(Path path) {
        if (run.isOver() || path.state != PathState.READY) {
            return;
        }
        NodeSpec node = run.layout.node(path.at);
        if (path.meetsAt(path.at)) {
            run.rest(path, PathState.ARRIVED);
        } else if (path.steps >= run.layout.graph().maxSteps()) {
            run.rest(path, PathState.MAX_STEPS);
        } else if (node == null) {
            lost(path);
        } else if (node.maxNodeVisits() > 0 && path.visits(node.id()) >= node.maxNodeVisits()) {
            passOver(new Step(run, path, node, null));
        } else {
            Step step = new Step(run, path, node, run.node(node));
            path.step = step;
            step.begin();
        }
    }

    private void lost(Path path) {
        if (path.at.equals("end")) { // what a router says when it knows no way
            path.at = path.nodes.isEmpty() ? path.at : path.nodes.get(path.nodes.size() - 1);
            run.rest(path, PathState.NO_EDGE);
        } else {
            run.fail(path, new RunError(null, Category.NOT_FOUND, "Node not found: " + path.at));
        }
    }

    /** The node has had all its visits: one edge is followed without it, with the memory in place of its output. */
    private void passOver(Step step) {
        Path path = step.path;
        run.emit(new GraphEvent.NodeSkipped(run.id, path.id, step.node.id(), step.visit));
        path.step = step;
        new EdgeChoice(step, run.layout.outgoing(step.node.id()), true, false, path.memory, path.memory, edges -> {
                    path.step = null;
                    path.usage = path.usage.plus(step.usage);
                    path.visits.merge(step.node.id(), 1, Integer::sum);
                    path.steps++;
                    if (edges.isEmpty()) {
                        run.rest(path, PathState.NO_EDGE);
                    } else {
                        follow(path, edges.get(0), path.memory);
                        run.strand.post(() -> proceed(path));
                    }
                })
                .ask();
    }

    void succeeded(Step step, Map<String, @Nullable Object> output, @Nullable String nextNode) {
        Path path = step.path;
        String node = step.node.id();
        Map<String, @Nullable Object> written = OutputCheck.declared(step.node, output);
        if (run.layout.isPausing(node)) {
            commit(step, written, output, Outcome.SUCCESS, null, () -> path.state = PathState.PAUSED);
        } else if (run.layout.isTerminal(node)) {
            commit(step, written, output, Outcome.SUCCESS, null, () -> path.state = PathState.TERMINAL);
        } else if (nextNode != null) {
            commit(step, written, output, Outcome.SUCCESS, null, () -> path.at = nextNode);
        } else {
            Map<String, @Nullable Object> memory = new LinkedHashMap<>(path.memory);
            memory.putAll(written);
            boolean several = run.options.fanOut().parallel();
            new EdgeChoice(
                            step,
                            run.layout.outgoing(node),
                            true,
                            several,
                            output,
                            memory,
                            edges -> commit(
                                    step,
                                    written,
                                    output,
                                    Outcome.SUCCESS,
                                    null,
                                    () -> move(path, node, edges, output)))
                    .ask();
        }
    }

    /** After its last attempt: an edge for failures takes over, or the path has failed. */
    void failed(Step step, RunError error, String message, int attempts) {
        Path path = step.path;
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("node", step.node.id());
        told.put("error", message);
        told.put("category", error.category().word());
        told.put("attempts", (long) attempts);
        new EdgeChoice(step, run.layout.outgoing(step.node.id()), false, false, told, path.memory, edges -> {
                    if (edges.isEmpty()) {
                        commit(step, Map.of(), path.carried, Outcome.FAILURE, error.category(), () -> {
                            path.state = PathState.FAILED;
                            path.error = error;
                        });
                    } else {
                        commit(step, Map.of(), told, Outcome.FAILURE, error.category(), () -> {
                            move(path, step.node.id(), edges, told);
                            path.afterFailure = true;
                        });
                    }
                })
                .ask();
    }

    /**
     * A resumed path goes on behind its pause node: at the entry point made for that, if there is one, else where the edges
     * say now.
     */
    void leavePause(Path path) {
        path.leavesPause = false;
        String node = path.at;
        String entry = run.layout.graph().entryPoints().get(node + "_resume");
        NodeSpec spec = run.layout.node(node);
        if (entry != null) {
            path.at = entry;
            proceed(path);
        } else if (spec == null || run.layout.isTerminal(node)) {
            run.rest(path, PathState.TERMINAL);
        } else {
            Map<String, @Nullable Object> output = path.carried;
            Step left = new Step(run, path, spec, null);
            path.step = left;
            new EdgeChoice(
                            left,
                            run.layout.outgoing(node),
                            true,
                            run.options.fanOut().parallel(),
                            output,
                            path.memory,
                            edges -> {
                                path.step = null;
                                path.usage = path.usage.plus(left.usage);
                                move(path, node, edges, output);
                                run.checkpoint(() -> run.branches.goOn(path));
                            })
                    .ask();
        }
    }

    /** An edge that had to be decided was not: the step cannot be committed. */
    void undecided(Step step, RunError error) {
        step.path.step = null;
        step.path.attempts.addAll(step.attempts);
        step.path.usage = step.path.usage.plus(step.usage);
        run.fail(step.path, error);
    }

    /** Which way the edges say; the state of the path only, nothing is started. */
    void move(Path path, String source, List<EdgeSpec> edges, Map<String, @Nullable Object> output) {
        if (edges.isEmpty()) {
            path.state = PathState.NO_EDGE;
        } else if (edges.size() == 1) {
            follow(path, edges.get(0), output);
        } else {
            run.branches.leave(path, source, edges, output);
        }
    }

    void follow(Path path, EdgeSpec edge, Map<String, @Nullable Object> output) {
        Map<String, @Nullable Object> mapped = new LinkedHashMap<>();
        edge.inputMapping().forEach((key, from) -> {
            if (output.containsKey(from)) {
                mapped.put(key, output.get(from));
            } else if (path.memory.containsKey(from)) {
                mapped.put(key, path.memory.get(from));
            }
        });
        if (!mapped.isEmpty()) {
            path.write(mapped);
            path.carried = mapped;
        }
        path.at = edge.target();
        if (run.listening()) {
            run.emit(new GraphEvent.EdgeFollowed(
                    run.id, path.id, edge.id(), edge.source(), edge.target(), edge.condition()));
        }
    }

    /** Puts a step into the path, makes it durable, and goes on. */
    private void commit(
            Step step,
            Map<String, @Nullable Object> written,
            Map<String, @Nullable Object> carried,
            Outcome outcome,
            @Nullable Category category,
            Runnable transition) {
        if (run.isOver() || step.path.step != step) {
            return; // it was ended while its edges were asked
        }
        Path path = step.path;
        path.step = null;
        path.nodes.add(step.node.id());
        path.visits.merge(step.node.id(), 1, Integer::sum);
        path.steps++;
        path.attempts.addAll(step.attempts);
        path.usage = path.usage.plus(step.usage);
        path.progress = Map.of();
        path.answer = null;
        path.afterFailure = false;
        path.carried = carried;
        if (!written.isEmpty()) {
            path.write(written);
        }
        transition.run();
        run.checkpoint(() -> {
            if (run.listening()) {
                run.emit(new GraphEvent.NodeEnded(
                        run.id,
                        path.id,
                        step.node.id(),
                        step.visit,
                        outcome,
                        category,
                        step.attempts.size(),
                        Duration.ofNanos(run.ticker.nanos() - step.startNanos)));
            }
            run.branches.goOn(path);
        });
    }

    /** The step needs an answer that is not there: the path waits before it. */
    void waits(Step step) {
        if (run.isOver() || step.path.step != step) {
            return;
        }
        step.path.step = null;
        step.path.usage = step.path.usage.plus(step.usage);
        step.path.answer = null;
        run.rest(step.path, PathState.WAITING);
    }
}
