// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node;

import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One attempt of one step, as the node sees it. Thread-safe; after the attempt has ended, what it is told is void. */
public interface NodeContext {
    String runId();

    /**
     * The same for every attempt of this visit, also after a crash and a resume, and different from any other step's: the
     * idempotency key of what the step does to the outside.
     */
    String stepId();

    Graph graph();

    NodeSpec node();

    /** 1 for the first visit of this node on this path. */
    int visit();

    /** 1 for the first attempt of this visit. */
    int attempt();

    int maxAttempts();

    /** How many attempts this node has had on this path before this visit, in earlier processes too. */
    int earlierAttempts();

    /**
     * What the node reads: the declared input keys that the memory holds; where none is declared, the output of the node
     * before, or at the entry what the run was given. After a failure also {@code node}, {@code error}, {@code category}
     * and {@code attempts} of the node that failed.
     */
    Map<String, @Nullable Object> inputs();

    /** The memory as this path sees it; what branches beside it write is not in it. */
    Map<String, @Nullable Object> memory();

    /** What is left for this attempt; {@link Long#MAX_VALUE} nanoseconds where nothing limits it. */
    Duration timeLeft();

    /** Runs the action once if the attempt is ended from outside; at once if it already has been. It must not block. */
    void onCancel(Runnable action);

    /**
     * The guarded model of this node: it counts tokens, and its calls end with the attempt.
     *
     * @throws NodeFailedException if the run has no model
     */
    LlmProvider llm();

    /** Counts tokens of a model that was not reached by {@link #llm()}. */
    void count(Usage usage);

    /** The registered tools, by name, that the node declares. */
    Map<String, GraphTool> tools();

    /** Whom to ask; null where nobody is there, so that a question pauses the run. */
    @Nullable
    Interaction interaction();

    /** What a person gave when the run was resumed to make this step; null otherwise. */
    @Nullable
    Map<String, @Nullable Object> answer();

    /** What {@link #saveProgress} kept of this step, also from a process that was killed; empty at its start. */
    Map<String, @Nullable Object> progress();

    /**
     * Keeps how far this step has come until it is committed: plain values. The stage completes when they are durable.
     */
    CompletionStage<Void> saveProgress(Map<String, ? extends @Nullable Object> values);

    /** For work that blocks. */
    Executor executor();
}
