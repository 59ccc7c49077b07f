// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.script;

import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.node.Node;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeFailedException;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.graph.node.internal.Answers;
import dev.holdfast.graph.node.internal.BuiltInNodes;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A node on script: those that ask a model really ask one, which reads its answers from the script. */
final class ScriptedNode implements Node {
    private final NodeSpec node;
    private final List<Entry> entries;
    private final Ticker ticker;
    private final Timer timer;
    private final BuiltInNodes builtIn = new BuiltInNodes(Map.of(), null);

    /** The number of the next entry; below 0 until it is known what earlier processes have used. */
    private final AtomicInteger next = new AtomicInteger(-1);

    ScriptedNode(NodeSpec node, List<Entry> entries, Ticker ticker, Timer timer) {
        this.node = node;
        this.entries = entries;
        this.ticker = ticker;
        this.timer = timer;
    }

    @Override
    public CompletionStage<NodeResult> run(NodeContext context) throws Exception {
        int used = context.earlierAttempts() + context.attempt() - 1;
        next.compareAndSet(-1, used);
        if (entries.isEmpty()) {
            return Objects.requireNonNull(builtIn.node(node)).run(context); // a router finds its way by itself
        }
        if (node.nodeType().equals(NodeSpec.EVENT_LOOP)) {
            return Objects.requireNonNull(builtIn.node(node)).run(new ScriptedContext(context, this, null));
        }
        Entry entry = take();
        return delayed(entry, context.executor(), context).thenCompose(ignored -> answer(entry, context));
    }

    private CompletionStage<NodeResult> answer(Entry entry, NodeContext context) {
        if (entry.error() != null) {
            return CompletableFuture.failedFuture(new NodeFailedException(entry.error(), entry.message()));
        }
        if (entry.next() != null) {
            return CompletableFuture.completedFuture(NodeResult.next(entry.next()));
        }
        boolean asksModel =
                node.nodeType().equals(NodeSpec.LLM_GENERATE) || node.nodeType().equals(NodeSpec.LLM_TOOL_USE);
        if (asksModel && (entry.text() != null || !node.outputKeys().isEmpty())) {
            try {
                return Objects.requireNonNull(builtIn.node(node)).run(new ScriptedContext(context, this, entry));
            } catch (Exception e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        return CompletableFuture.completedFuture(
                NodeResult.of(entry.output() != null ? entry.output() : Answers.outputs(node, entry.answer())));
    }

    Entry take() {
        return entries.get(Math.min(next.getAndIncrement(), entries.size() - 1));
    }

    /** Completes after the entry's delay, on the executor. */
    CompletableFuture<Void> delayed(Entry entry, Executor executor, NodeContext context) {
        if (entry.delay().isZero()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> later = new CompletableFuture<>();
        Timer.Scheduled waiting = timer.at(
                Nanos.add(ticker.nanos(), Nanos.of(entry.delay())), () -> executor.execute(() -> later.complete(null)));
        context.onCancel(waiting::cancel);
        return later;
    }
}
