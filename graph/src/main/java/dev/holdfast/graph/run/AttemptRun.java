// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeFailedException;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.Usage;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One attempt of a step: what the node sees of the run. */
final class AttemptRun implements NodeContext {
    final int number;
    final long startNanos;
    Timer.@Nullable Scheduled timer;

    private final Step step;
    private final Map<String, @Nullable Object> inputs;
    private final Map<String, @Nullable Object> memory;
    private final Map<String, @Nullable Object> progress;
    private final long deadlineNanos;
    private final int earlierAttempts;
    private @Nullable List<Runnable> onCancel = new ArrayList<>(2); // null once the attempt is over; guarded by this
    private boolean cancelled; // guarded by this

    AttemptRun(Step step, int number, Map<String, @Nullable Object> inputs, long startNanos, long timeoutNanos) {
        this.step = step;
        this.number = number;
        this.inputs = Collections.unmodifiableMap(inputs);
        this.memory = Collections.unmodifiableMap(step.path.memory);
        this.progress = step.path.progress;
        this.startNanos = startNanos;
        this.earlierAttempts = step.path.attempts(step.node.id());
        this.deadlineNanos = Math.min(timeoutNanos, step.run.deadlineNanos(step.path));
    }

    void running(CompletionStage<NodeResult> stage) {
        onCancel(() -> cancelStage(stage));
    }

    private static void cancelStage(CompletionStage<?> stage) {
        if (stage instanceof CompletableFuture<?> future) {
            future.cancel(true);
        }
    }

    /** It ended by itself. */
    void end() {
        if (timer != null) {
            timer.cancel();
        }
        synchronized (this) {
            onCancel = null;
        }
    }

    /** It is ended from outside. */
    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
        List<Runnable> actions;
        synchronized (this) {
            actions = onCancel == null ? List.of() : List.copyOf(onCancel);
            onCancel = null;
            cancelled = true;
        }
        for (int i = actions.size() - 1; i >= 0; i--) {
            try {
                actions.get(i).run();
            } catch (RuntimeException e) {
                step.run.logOnce("an action on cancel threw", e);
            }
        }
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (onCancel != null) {
                onCancel.add(action);
                return;
            }
            if (!cancelled) {
                return;
            }
        }
        action.run();
    }

    @Override
    public String runId() {
        return step.run.id;
    }

    @Override
    public String stepId() {
        return step.id;
    }

    @Override
    public Graph graph() {
        return step.run.layout.graph();
    }

    @Override
    public NodeSpec node() {
        return step.node;
    }

    @Override
    public int visit() {
        return step.visit;
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public int maxAttempts() {
        return step.maxAttempts();
    }

    @Override
    public int earlierAttempts() {
        return earlierAttempts;
    }

    @Override
    public Map<String, @Nullable Object> inputs() {
        return inputs;
    }

    @Override
    public Map<String, @Nullable Object> memory() {
        return memory;
    }

    @Override
    public Duration timeLeft() {
        return Duration.ofNanos(Nanos.left(deadlineNanos, step.run.ticker.nanos()));
    }

    @Override
    public LlmProvider llm() {
        LlmProvider llm = step.run.llm(step.node);
        if (llm == null) {
            throw new NodeFailedException(Category.INVALID_REQUEST, "LLM not available");
        }
        return new MeteredLlm(llm, this);
    }

    @Override
    public void count(Usage usage) {
        step.run.strand.post(() -> {
            if (!step.isOver()) {
                step.usage = step.usage.plus(usage);
            }
        });
    }

    @Override
    public Map<String, GraphTool> tools() {
        Map<String, GraphTool> declared = new LinkedHashMap<>();
        for (String name : step.node.tools()) {
            GraphTool tool = step.run.tool(name);
            if (tool != null) {
                declared.put(name, tool);
            }
        }
        return declared;
    }

    @Override
    public @Nullable Interaction interaction() {
        return step.run.interaction();
    }

    @Override
    public @Nullable Map<String, @Nullable Object> answer() {
        return step.path.answer;
    }

    @Override
    public Map<String, @Nullable Object> progress() {
        return progress;
    }

    @Override
    public CompletionStage<Void> saveProgress(Map<String, ? extends @Nullable Object> values) {
        Map<String, @Nullable Object> kept = Values.plain(values);
        CompletableFuture<Void> saved = new CompletableFuture<>();
        step.run.strand.post(() -> {
            if (step.isOver()) {
                saved.cancel(false);
                return;
            }
            step.path.progress = kept;
            step.run.checkpoint(() -> saved.complete(null));
        });
        return saved;
    }

    @Override
    public Executor executor() {
        return step.run.executor();
    }
}
