// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run, from its first step or from a checkpoint to its end. Everything happens on its strand, one thing at a time; nodes,
 * models, stores and timers report back to it.
 */
final class Run {
    final String id;
    final Layout layout;
    final RunOptions options;
    final Ticker ticker;
    final Strand strand;
    final Path root;
    final CompletableFuture<GraphResult> result = new CompletableFuture<>();
    long deadlineNanos = Nanos.NEVER;

    private final GraphExecutor engine;
    private final Journal journal;
    private final Branches branches;
    private final long beganNanos;
    private final long earlierNanos;
    private Timer.@Nullable Scheduled deadline;
    private boolean over;

    /** @param earlierNanos how long it ran before, in other processes */
    Run(
            GraphExecutor engine,
            Layout layout,
            String id,
            RunOptions options,
            Path root,
            long sequence,
            long earlierNanos) {
        this.engine = engine;
        this.layout = layout;
        this.id = id;
        this.options = options;
        this.root = root;
        this.ticker = engine.ticker;
        this.beganNanos = ticker.nanos();
        this.earlierNanos = earlierNanos;
        this.strand = new Strand(engine.executor, this::crashed);
        this.journal = new Journal(this, engine.store, sequence);
        this.branches = new Branches(this);
    }

    /** Begins, or goes on with what the paths say is due. */
    CompletableFuture<GraphResult> begin(boolean resumed, @Nullable RunError refused) {
        result.whenComplete((value, error) -> {
            if (result.isCancelled()) {
                strand.post(() -> end(
                        StopReason.CANCELLED, new RunError(null, Category.CANCELLED, "the caller cancelled the run")));
            }
        });
        strand.post(() -> {
            emit(new GraphEvent.RunStarted(id, layout.graph().id(), resumed));
            if (refused != null) {
                end(StopReason.FAILED, refused);
                return;
            }
            Duration limit = options.deadline();
            if (limit != null) {
                deadlineNanos = Nanos.add(ticker.nanos(), Nanos.of(limit));
                deadline = after(
                        deadlineNanos,
                        () -> end(
                                StopReason.DEADLINE,
                                new RunError(null, Category.TIMEOUT, "the run took longer than " + limit)));
            }
            checkpoint(() -> branches.goOn(root));
        });
        return result;
    }

    /** The next step of a path, whatever it is. */
    void proceed(Path path) {
        if (over || path.state != PathState.READY) {
            return;
        }
        NodeSpec node = layout.node(path.at);
        if (path.meetsAt(path.at)) {
            rest(path, PathState.ARRIVED);
        } else if (path.steps >= layout.graph().maxSteps()) {
            rest(path, PathState.MAX_STEPS);
        } else if (node == null) {
            lost(path);
        } else if (node.maxNodeVisits() > 0 && path.visits(node.id()) >= node.maxNodeVisits()) {
            passOver(new Step(this, path, node, null));
        } else {
            Step step = new Step(this, path, node, engine.node(node));
            path.step = step;
            step.begin();
        }
    }

    private void lost(Path path) {
        if (path.at.equals("end")) { // what a router says when it knows no way
            path.at = path.nodes.isEmpty() ? path.at : path.nodes.get(path.nodes.size() - 1);
            rest(path, PathState.NO_EDGE);
        } else {
            fail(path, new RunError(null, Category.NOT_FOUND, "Node not found: " + path.at));
        }
    }

    /** The node has had all its visits: one edge is followed without it, with the memory in place of its output. */
    private void passOver(Step step) {
        Path path = step.path;
        emit(new GraphEvent.NodeSkipped(id, path.id, step.node.id(), step.visit));
        path.step = step;
        new EdgeChoice(step, layout.outgoing(step.node.id()), true, false, path.memory, path.memory, edges -> {
                    path.step = null;
                    path.usage = path.usage.plus(step.usage);
                    path.visits.merge(step.node.id(), 1, Integer::sum);
                    path.steps++;
                    if (edges.isEmpty()) {
                        rest(path, PathState.NO_EDGE);
                    } else {
                        follow(path, edges.get(0), path.memory);
                        strand.post(() -> proceed(path));
                    }
                })
                .ask();
    }

    void succeeded(Step step, Map<String, @Nullable Object> output, @Nullable String nextNode) {
        Path path = step.path;
        String node = step.node.id();
        Map<String, @Nullable Object> written = OutputCheck.declared(step.node, output);
        if (layout.isPausing(node)) {
            commit(step, written, output, Outcome.SUCCESS, null, () -> path.state = PathState.PAUSED);
        } else if (layout.isTerminal(node)) {
            commit(step, written, output, Outcome.SUCCESS, null, () -> path.state = PathState.TERMINAL);
        } else if (nextNode != null) {
            commit(step, written, output, Outcome.SUCCESS, null, () -> path.at = nextNode);
        } else {
            Map<String, @Nullable Object> memory = new LinkedHashMap<>(path.memory);
            memory.putAll(written);
            boolean several = options.fanOut().parallel();
            new EdgeChoice(
                            step,
                            layout.outgoing(node),
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
        new EdgeChoice(step, layout.outgoing(step.node.id()), false, false, told, path.memory, edges -> {
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
        String entry = layout.graph().entryPoints().get(node + "_resume");
        NodeSpec spec = layout.node(node);
        if (entry != null) {
            path.at = entry;
            proceed(path);
        } else if (spec == null || layout.isTerminal(node)) {
            rest(path, PathState.TERMINAL);
        } else {
            Map<String, @Nullable Object> output = path.carried;
            Step left = new Step(this, path, spec, null);
            path.step = left;
            new EdgeChoice(
                            left,
                            layout.outgoing(node),
                            true,
                            options.fanOut().parallel(),
                            output,
                            path.memory,
                            edges -> {
                                path.step = null;
                                path.usage = path.usage.plus(left.usage);
                                move(path, node, edges, output);
                                checkpoint(() -> branches.goOn(path));
                            })
                    .ask();
        }
    }

    /** An edge that had to be decided was not: the step cannot be committed. */
    void undecided(Step step, RunError error) {
        step.path.step = null;
        step.path.attempts.addAll(step.attempts);
        step.path.usage = step.path.usage.plus(step.usage);
        fail(step.path, error);
    }

    /** Which way the edges say; the state of the path only, nothing is started. */
    void move(Path path, String source, List<EdgeSpec> edges, Map<String, @Nullable Object> output) {
        if (edges.isEmpty()) {
            path.state = PathState.NO_EDGE;
        } else if (edges.size() == 1) {
            follow(path, edges.get(0), output);
        } else {
            branches.leave(path, source, edges, output);
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
        if (listening()) {
            emit(new GraphEvent.EdgeFollowed(id, path.id, edge.id(), edge.source(), edge.target(), edge.condition()));
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
        if (over || step.path.step != step) {
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
        checkpoint(() -> {
            if (listening()) {
                emit(new GraphEvent.NodeEnded(
                        id,
                        path.id,
                        step.node.id(),
                        step.visit,
                        outcome,
                        category,
                        step.attempts.size(),
                        Duration.ofNanos(ticker.nanos() - step.startNanos)));
            }
            branches.goOn(path);
        });
    }

    /** The step needs an answer that is not there: the path waits before it. */
    void waits(Step step) {
        if (over || step.path.step != step) {
            return;
        }
        step.path.step = null;
        step.path.usage = step.path.usage.plus(step.usage);
        step.path.answer = null;
        rest(step.path, PathState.WAITING);
    }

    /** A path comes to rest; nothing of it is running. */
    void rest(Path path, PathState state) {
        path.state = state;
        if (path.endedNanos == 0) {
            path.endedNanos = sinceStart(ticker.nanos());
        }
        branches.over(path);
    }

    void fail(Path path, RunError error) {
        path.error = error;
        rest(path, PathState.FAILED);
    }

    /** The whole run is over: everything that runs is ended, the last checkpoint written, the result given. */
    void end(StopReason reason, @Nullable RunError error) {
        if (over) {
            return;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel();
        }
        branches.stop(root);
        GraphResult ended = Results.of(this, reason, error);
        journal.last(reason, error, broken -> {
            GraphResult told = broken == null ? ended : Results.of(this, StopReason.FAILED, broken);
            emit(new GraphEvent.RunEnded(
                    id, told.stopReason().word(), told.quality().word(), told.elapsed()));
            // Whoever waits for the result must not run on the strand.
            engine.executor.execute(() -> result.complete(told));
        });
    }

    void checkpoint(Runnable then) {
        journal.write(then);
    }

    private void crashed(Throwable error) {
        engine.logOnce("a run failed inside", error);
        end(StopReason.FAILED, new RunError(null, Category.UNKNOWN, "the run failed inside: " + error));
    }

    // What steps, branches and the journal ask of the run.

    boolean isOver() {
        return over;
    }

    /** Runs it on the strand at that moment, unless the run is over by then. */
    Timer.Scheduled after(long atNanos, Runnable action) {
        return engine.timer.at(
                atNanos,
                () -> strand.post(() -> {
                    if (!over) {
                        action.run();
                    }
                }));
    }

    long sinceStart(long atNanos) {
        return earlierNanos + atNanos - beganNanos;
    }

    long deadlineNanos(Path path) {
        long earliest = deadlineNanos;
        for (Path each = path; each != null; each = each.parent) {
            earliest = Math.min(earliest, each.deadlineNanos);
        }
        return earliest;
    }

    long backoffNanos(int retry, Failure failure) {
        Duration hint = failure.hint();
        long waitNanos = engine.backoff.nanos(retry, engine.random);
        return hint == null ? waitNanos : Math.max(waitNanos, Nanos.of(hint));
    }

    boolean listening() {
        return engine.listeners.on();
    }

    void emit(GraphEvent event) {
        engine.listeners.emit(event);
    }

    @Nullable
    LlmProvider llm(@Nullable NodeSpec node) {
        return engine.llm(node == null ? null : node.model());
    }

    @Nullable
    GraphTool tool(String name) {
        return engine.tools.get(name);
    }

    @Nullable
    Interaction interaction() {
        return engine.interaction;
    }

    @Nullable
    EdgeDecider decider() {
        return engine.decider;
    }

    Executor executor() {
        return engine.executor;
    }

    void logOnce(String message, Throwable error) {
        engine.logOnce(message, error);
    }

    boolean holds(
            Step step, EdgeSpec edge, Map<String, @Nullable Object> output, Map<String, @Nullable Object> memory) {
        return Decisions.holds(this, step.path, edge, output, memory);
    }

    void decide(
            Step step,
            EdgeSpec edge,
            Map<String, @Nullable Object> output,
            Map<String, @Nullable Object> memory,
            Consumer<Boolean> then) {
        Decisions.ask(this, step, edge, output, memory, then);
    }

    List<String> pausedAt() {
        List<String> nodes = new ArrayList<>();
        root.leaves(path -> {
            if (path.state == PathState.PAUSED || path.state == PathState.WAITING) {
                nodes.add(path.at);
            }
        });
        return nodes;
    }
}
