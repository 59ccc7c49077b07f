// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.graph.internal.Json;
import dev.holdfast.graph.node.GraphTool;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tools.jackson.core.JacksonException;

/**
 * Runs the tools that a model asks for, one after the other. Whatever goes wrong with one is told to the model as its
 * result, marked as an error.
 */
final class ToolCalls {
    private final NodeContext context;
    private final Map<String, GraphTool> tools;
    private int count;

    ToolCalls(NodeContext context, Map<String, GraphTool> tools) {
        this.context = context;
        this.tools = tools;
    }

    List<ToolDefinition> definitions() {
        return tools.values().stream().map(GraphTool::definition).toList();
    }

    /** How many calls were made before this process took over: keys go on from there. */
    void countFrom(int earlier) {
        count = earlier;
    }

    CompletionStage<List<Content>> run(List<Content.ToolCall> calls) {
        CompletionStage<List<Content>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Content.ToolCall call : calls) {
            all = all.thenCompose(results -> run(call).thenApply(result -> {
                results.add(result);
                return results;
            }));
        }
        return all;
    }

    CompletionStage<Content.ToolResult> run(Content.ToolCall call) {
        GraphTool tool = tools.get(call.name());
        if (tool == null) {
            return done(Content.ToolResult.error(call.id(), "there is no tool '" + call.name() + "'"));
        }
        if (!isObject(call.argumentsJson())) {
            return done(Content.ToolResult.error(call.id(), "Invalid JSON arguments provided to tool."));
        }
        String key = context.stepId() + "/call" + ++count;
        CompletableFuture<String> running;
        try {
            CompletionStage<String> stage =
                    tool.code().call(new GraphTool.Call(call.argumentsJson(), key, context.executor()));
            running = stage.toCompletableFuture();
        } catch (Exception e) {
            running = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<String> stopped = running;
        context.onCancel(() -> stopped.cancel(true));
        return running.handle((text, error) -> error == null
                ? Content.ToolResult.of(call.id(), String.valueOf(text))
                : Content.ToolResult.error(call.id(), "the tool failed: " + reason(error)));
    }

    private static String reason(Throwable error) {
        Throwable cause = error.getCause() != null && error instanceof java.util.concurrent.CompletionException
                ? error.getCause()
                : error;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static boolean isObject(String json) {
        try {
            return Json.read(json).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static CompletionStage<Content.ToolResult> done(Content.ToolResult result) {
        return CompletableFuture.completedFuture(result);
    }
}
