// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.script;

import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.Interaction;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The context of an attempt, with a model that reads from the script, and a person who has nothing to say.
 *
 * @param entry what the model answers; null to take the next one at each call
 */
record ScriptedContext(
        NodeContext context, ScriptedNode script, @Nullable Entry entry) implements NodeContext {
    @Override
    public LlmProvider llm() {
        return new ScriptedLlm(context, script, entry);
    }

    @Override
    public Interaction interaction() {
        return question -> CompletableFuture.completedFuture("");
    }

    @Override
    public String runId() {
        return context.runId();
    }

    @Override
    public String stepId() {
        return context.stepId();
    }

    @Override
    public Graph graph() {
        return context.graph();
    }

    @Override
    public NodeSpec node() {
        return context.node();
    }

    @Override
    public int visit() {
        return context.visit();
    }

    @Override
    public int attempt() {
        return context.attempt();
    }

    @Override
    public int maxAttempts() {
        return context.maxAttempts();
    }

    @Override
    public int earlierAttempts() {
        return context.earlierAttempts();
    }

    @Override
    public Map<String, @Nullable Object> inputs() {
        return context.inputs();
    }

    @Override
    public Map<String, @Nullable Object> memory() {
        return context.memory();
    }

    @Override
    public Duration timeLeft() {
        return context.timeLeft();
    }

    @Override
    public void onCancel(Runnable action) {
        context.onCancel(action);
    }

    @Override
    public void count(Usage usage) {
        context.count(usage);
    }

    @Override
    public Map<String, GraphTool> tools() {
        return context.tools();
    }

    @Override
    public @Nullable Map<String, @Nullable Object> answer() {
        return context.answer();
    }

    @Override
    public Map<String, @Nullable Object> progress() {
        return context.progress();
    }

    @Override
    public CompletionStage<Void> saveProgress(Map<String, ? extends @Nullable Object> values) {
        return context.saveProgress(values);
    }

    @Override
    public Executor executor() {
        return context.executor();
    }
}
