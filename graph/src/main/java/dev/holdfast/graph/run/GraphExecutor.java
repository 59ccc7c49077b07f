// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.failure.Category;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.checkpoint.Checkpoint;
import dev.holdfast.graph.checkpoint.CheckpointStore;
import dev.holdfast.graph.checkpoint.RunIds;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.graph.node.Node;
import dev.holdfast.graph.node.internal.BuiltInNodes;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.retry.Backoff;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs agent graphs. A run holds no thread while it waits, so ten thousand of them need none each. Thread-safe; one object
 * serves any number of runs and graphs.
 *
 * <pre>{@code
 * GraphExecutor executor = GraphExecutor.builder()
 *         .llm(Llm.create("openai/gpt-4o-mini", "anthropic/claude-haiku-4-5"))
 *         .store(new DirectoryCheckpointStore(Path.of("runs")))
 *         .build();
 * CompletableFuture<GraphResult> result = executor.run(graph, Map.of("topic", "tides"), RunOptions.defaults());
 * }</pre>
 *
 * <p>The returned future completes with a result also when the run fails; {@link GraphResult#stopReason()} says how it went.
 * Cancelling the future ends the run: what runs is cancelled, and the last checkpoint says so.
 */
public final class GraphExecutor {
    private static final Logger LOG = System.getLogger(GraphExecutor.class.getName());

    final Ticker ticker;
    final Timer timer;
    final Executor executor;
    final RandomGenerator random;
    final Backoff backoff;
    final Listeners listeners;
    final @Nullable CheckpointStore store;
    final @Nullable Interaction interaction;
    final @Nullable EdgeDecider decider;
    final Map<String, GraphTool> tools;

    private final GraphExecutorBuilder from;
    private final BuiltInNodes builtIn;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Layout last;

    GraphExecutor(GraphExecutorBuilder builder) {
        from = builder.copy();
        ticker = from.ticker;
        timer = from.timer != null ? from.timer : HoldfastRuntime.timer();
        executor = from.executor != null ? from.executor : HoldfastRuntime.executor();
        random = from.random;
        backoff = from.backoff;
        store = from.store;
        interaction = from.interaction;
        decider = from.decider;
        tools = Map.copyOf(from.tools);
        listeners = new Listeners(from.listeners, executor);
        builtIn = new BuiltInNodes(Map.copyOf(from.functions), from.judge);
    }

    public static GraphExecutorBuilder builder() {
        return new GraphExecutorBuilder();
    }

    /** Runs from the entry node, with the input as the first content of the memory. */
    public CompletableFuture<GraphResult> run(
            Graph graph, Map<String, ? extends @Nullable Object> input, RunOptions options) {
        Map<String, @Nullable Object> memory = Values.plain(input);
        String id = options.runId() != null ? options.runId() : "run-" + Long.toHexString(random.nextLong());
        Path root = new Path("", null, graph.entryNode(), memory);
        root.carried = memory;
        Layout layout = layout(graph);
        Run run = new Run(this, layout, id, options, root, -1, 0);
        return run.begin(false, Preflight.problem(layout, this));
    }

    /** As {@link #run(Graph, Map, RunOptions)} with {@link RunOptions#defaults()}. */
    public CompletableFuture<GraphResult> run(Graph graph, Map<String, ? extends @Nullable Object> input) {
        return run(graph, input, RunOptions.defaults());
    }

    /**
     * Goes on with a run where its last checkpoint left it: after a pause, a crash, a failure, a deadline or a cancellation.
     * What was committed is not run again. A run that had reached its end gives its result again.
     *
     * @param runId the run; overrides the id in the options
     * @param given what a person or a program adds: it goes into the memory behind a pause node, and is the answer that a
     *     waiting node gets
     * @return fails with an {@link IllegalArgumentException} if there is no such run, or it is of another graph, and with an
     *     {@link IllegalStateException} if this executor has no store
     */
    public CompletableFuture<GraphResult> resume(
            Graph graph, String runId, Map<String, ? extends @Nullable Object> given, RunOptions options) {
        CheckpointStore kept = store;
        if (kept == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("this executor has no checkpoint store: give the builder one"));
        }
        RunIds.require(runId);
        Map<String, @Nullable Object> answer = Values.plain(given);
        CompletableFuture<GraphResult> result = new CompletableFuture<>();
        kept.load(runId).whenComplete((checkpoint, error) -> {
            try {
                if (error != null) {
                    throw Journal.unwrapped(error);
                }
                forward(goOn(graph, runId, checkpoint, answer, options), result);
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static void forward(CompletableFuture<GraphResult> run, CompletableFuture<GraphResult> result) {
        run.whenComplete((value, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
            } else {
                result.complete(value);
            }
        });
        result.whenComplete((value, error) -> {
            if (result.isCancelled()) {
                run.cancel(true);
            }
        });
    }

    private CompletableFuture<GraphResult> goOn(
            Graph graph,
            String runId,
            @Nullable Checkpoint checkpoint,
            Map<String, @Nullable Object> given,
            RunOptions options) {
        if (checkpoint == null) {
            throw new IllegalArgumentException("there is no run " + runId + " in the store");
        }
        Snapshot from = Snapshot.read(checkpoint);
        if (!from.graph().equals(graph.id())) {
            throw new IllegalArgumentException(
                    "run " + runId + " is of graph " + from.graph() + ", not of " + graph.id());
        }
        Layout layout = layout(graph);
        Run run = new Run(this, layout, runId, options, from.root(), checkpoint.sequence(), from.elapsedNanos());
        if (from.ended() == StopReason.TERMINAL || from.ended() == StopReason.NO_EDGE) {
            return CompletableFuture.completedFuture(Results.of(run, from.ended(), null));
        }
        new Resume(run, from, given).prepare(from.root());
        return run.begin(true, Preflight.problem(layout, this));
    }

    /** Completes when every event so far has reached every listener. */
    public CompletableFuture<Void> eventsDelivered() {
        return listeners.delivered();
    }

    private Layout layout(Graph graph) {
        Layout known = last;
        if (known != null && known.graph() == graph) {
            return known;
        }
        Layout made = new Layout(graph);
        last = made;
        return made;
    }

    /** Registered under its id, or by its type; null where nothing does its work. */
    @Nullable
    Node node(NodeSpec spec) {
        Node own = from.nodes.get(spec.id());
        if (own == null) {
            own = from.types.get(spec.nodeType());
        }
        return own != null ? own : builtIn.node(spec);
    }

    /** Whether the work is the user's own, so that nothing is known of what it needs. */
    boolean isCustom(NodeSpec spec) {
        return from.nodes.containsKey(spec.id()) || from.types.containsKey(spec.nodeType());
    }

    @Nullable
    LlmProvider llm(@Nullable String model) {
        return from.llm(model);
    }

    /** What stands in the way of a run as a whole, for the preflight. */
    static RunError refused(@Nullable String node, List<String> problems) {
        return new RunError(node, Category.INVALID_REQUEST, String.join("; ", problems));
    }

    void logOnce(String message, Throwable error) {
        if (logged.size() < 64 && logged.add(message)) {
            LOG.log(Level.WARNING, message, error);
        }
    }
}
