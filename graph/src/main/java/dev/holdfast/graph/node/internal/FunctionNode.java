// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.graph.node.GraphFunction;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Runs a function on the executor; an attempt that is ended interrupts it. */
final class FunctionNode {
    private final GraphFunction function;
    private final NodeContext context;
    private final CompletableFuture<NodeResult> result = new CompletableFuture<>();
    private @Nullable Thread thread; // guarded by this
    private boolean left; // guarded by this

    private FunctionNode(GraphFunction function, NodeContext context) {
        this.function = function;
        this.context = context;
    }

    static CompletionStage<NodeResult> run(GraphFunction function, NodeContext context) {
        FunctionNode node = new FunctionNode(function, context);
        context.onCancel(node::leave);
        context.executor().execute(node::call);
        return node.result;
    }

    private void call() {
        synchronized (this) {
            if (left) {
                return;
            }
            thread = Thread.currentThread();
        }
        try {
            NodeResult given = spread(context, function.apply(context));
            done();
            result.complete(given);
        } catch (Throwable e) {
            done();
            result.completeExceptionally(e);
        }
    }

    /** From here on no interrupt may meet the thread, which is not ours; one that has is taken back. */
    private synchronized void done() {
        thread = null;
        if (left) {
            Thread.interrupted();
        }
    }

    private synchronized void leave() {
        left = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    static NodeResult spread(NodeContext context, @Nullable Object value) {
        if (value instanceof NodeResult result) {
            return result;
        }
        List<String> keys = context.node().outputKeys();
        if (value instanceof Map<?, ?> map && (keys.size() != 1 || map.containsKey(keys.get(0)))) {
            Map<String, @Nullable Object> output = new LinkedHashMap<>();
            map.forEach((key, member) -> output.put(String.valueOf(key), member));
            return NodeResult.of(output);
        }
        if (value == null && keys.isEmpty()) {
            return NodeResult.of(Map.of());
        }
        return NodeResult.of(keys.isEmpty() ? "result" : keys.get(0), value);
    }
}
