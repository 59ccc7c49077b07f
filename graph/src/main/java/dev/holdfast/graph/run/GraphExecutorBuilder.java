// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.checkpoint.CheckpointStore;
import dev.holdfast.graph.event.GraphListener;
import dev.holdfast.graph.node.GraphFunction;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.graph.node.Judge;
import dev.holdfast.graph.node.Node;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.Jitter;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds a {@link GraphExecutor}. Not thread-safe. */
public final class GraphExecutorBuilder {
    Ticker ticker = Ticker.system();

    @Nullable
    Timer timer;

    @Nullable
    Executor executor;

    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    Backoff backoff = Backoff.exponential(Duration.ofSeconds(1), 2, Duration.ofSeconds(60))
            .withJitter(Jitter.EQUAL);
    final List<GraphListener> listeners = new ArrayList<>();

    @Nullable
    CheckpointStore store;

    @Nullable
    Interaction interaction;

    @Nullable
    Judge judge;

    @Nullable
    EdgeDecider decider;

    final Map<String, GraphTool> tools = new LinkedHashMap<>();
    final Map<String, GraphFunction> functions = new HashMap<>();
    final Map<String, Node> nodes = new HashMap<>();
    final Map<String, Node> types = new HashMap<>();
    private @Nullable Llm llm;
    private @Nullable Function<String, @Nullable Llm> models;

    GraphExecutorBuilder() {}

    GraphExecutorBuilder copy() {
        GraphExecutorBuilder copy = new GraphExecutorBuilder();
        copy.ticker = ticker;
        copy.timer = timer;
        copy.executor = executor;
        copy.random = random;
        copy.backoff = backoff;
        copy.listeners.addAll(listeners);
        copy.store = store;
        copy.interaction = interaction;
        copy.judge = judge;
        copy.decider = decider;
        copy.tools.putAll(tools);
        copy.functions.putAll(functions);
        copy.nodes.putAll(nodes);
        copy.types.putAll(types);
        copy.llm = llm;
        copy.models = models;
        return copy;
    }

    @Nullable
    LlmProvider llm(@Nullable String model) {
        Function<String, @Nullable Llm> named = models;
        Llm own = model == null || named == null ? null : named.apply(model);
        return own != null ? own : llm;
    }

    /** The guarded models that nodes call; there is no other way for a node of a built-in type to reach a model. */
    public GraphExecutorBuilder llm(Llm value) {
        llm = Objects.requireNonNull(value, "llm");
        return this;
    }

    /** Finds the models of a node that names one; where it gives null, or is not set, the node uses {@link #llm}. */
    public GraphExecutorBuilder models(Function<String, @Nullable Llm> value) {
        models = Objects.requireNonNull(value, "models");
        return this;
    }

    /** The function that a node of type {@code function} names, by its function's name or its id. */
    public GraphExecutorBuilder function(String name, GraphFunction function) {
        functions.put(name, Objects.requireNonNull(function, "function"));
        return this;
    }

    /** What does the work of the node with this id, whatever its type. */
    public GraphExecutorBuilder node(String id, Node node) {
        nodes.put(id, Objects.requireNonNull(node, "node"));
        return this;
    }

    /** What does the work of every node of this type, a built-in type included. */
    public GraphExecutorBuilder nodeType(String type, Node node) {
        types.put(type, Objects.requireNonNull(node, "node"));
        return this;
    }

    /** A tool that nodes may declare. */
    public GraphExecutorBuilder tool(GraphTool tool) {
        tools.put(tool.name(), tool);
        return this;
    }

    /** Whom nodes ask. Without it a question pauses the run. */
    public GraphExecutorBuilder interaction(Interaction value) {
        interaction = Objects.requireNonNull(value, "interaction");
        return this;
    }

    /** Who says when an event loop is done; default: done when every needed output is set. */
    public GraphExecutorBuilder judge(Judge value) {
        judge = Objects.requireNonNull(value, "judge");
        return this;
    }

    /** Who decides edges of condition {@code llm_decide}; default: the model. */
    public GraphExecutorBuilder decider(EdgeDecider value) {
        decider = Objects.requireNonNull(value, "decider");
        return this;
    }

    /** Where runs are kept. Without it nothing outlives the process. */
    public GraphExecutorBuilder store(CheckpointStore value) {
        store = Objects.requireNonNull(value, "store");
        return this;
    }

    /** Adds a listener. */
    public GraphExecutorBuilder listener(GraphListener value) {
        listeners.add(Objects.requireNonNull(value, "listener"));
        return this;
    }

    /** The waits between attempts of a node; default 1 s, doubled up to 60 s, of each half by chance. */
    public GraphExecutorBuilder backoff(Backoff value) {
        backoff = Objects.requireNonNull(value, "backoff");
        return this;
    }

    /** Time and its timer; they must share one scale. Default: those of the process. */
    public GraphExecutorBuilder time(Ticker newTicker, Timer newTimer) {
        ticker = Objects.requireNonNull(newTicker, "ticker");
        timer = Objects.requireNonNull(newTimer, "timer");
        return this;
    }

    /** Where everything runs; default {@link dev.holdfast.HoldfastRuntime#executor()}. */
    public GraphExecutorBuilder executor(Executor value) {
        executor = Objects.requireNonNull(value, "executor");
        return this;
    }

    /** The only source of chance; must be safe to share between threads. */
    public GraphExecutorBuilder random(RandomGenerator value) {
        random = Objects.requireNonNull(value, "random");
        return this;
    }

    public GraphExecutor build() {
        return new GraphExecutor(this);
    }
}
