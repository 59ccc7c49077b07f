// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.graph.node.Node;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
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
    final Branches branches;
    final Moves moves;
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
        this.moves = new Moves(this);
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

    // What steps, moves, branches and the journal ask of the run.

    @Nullable
    Node node(NodeSpec spec) {
        return engine.node(spec);
    }

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
