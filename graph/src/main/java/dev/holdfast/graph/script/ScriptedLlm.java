// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.script;

import dev.holdfast.graph.internal.Json;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeFailedException;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A model that says what the script says. In an event loop an output is set by the tool made for that. */
final class ScriptedLlm implements LlmProvider {
    private static final Target TARGET = Target.of("script/script");

    private final NodeContext context;
    private final ScriptedNode script;
    private final @Nullable Entry fixed;

    ScriptedLlm(NodeContext context, ScriptedNode script, @Nullable Entry fixed) {
        this.context = context;
        this.script = script;
        this.fixed = fixed;
    }

    @Override
    public CompletableFuture<LlmResponse> complete(LlmRequest request) {
        Entry entry = fixed;
        if (entry != null) {
            return CompletableFuture.completedFuture(response(List.of(new Content.Text(entry.answer()))));
        }
        Entry turn = script.take();
        return script.delayed(turn, context.executor(), context).thenApply(ignored -> {
            if (turn.error() != null) {
                throw new NodeFailedException(turn.error(), turn.message());
            }
            return response(turn.output() == null ? List.of(new Content.Text(turn.answer())) : outputs(turn));
        });
    }

    private static List<Content> outputs(Entry turn) {
        List<Content> calls = new ArrayList<>();
        if (turn.output() != null) {
            turn.output().forEach((key, value) -> {
                String arguments = Json.string(
                        Json.object().put("key", key).put("literal", true).set("value", Json.node(value)));
                calls.add(new Content.ToolCall("call_" + (calls.size() + 1), "set_output", arguments));
            });
        }
        return calls.isEmpty() ? List.of(new Content.Text("{}")) : calls;
    }

    private static LlmResponse response(List<Content> content) {
        boolean calls = content.stream().anyMatch(Content.ToolCall.class::isInstance);
        return new LlmResponse(
                "script", "script", content, calls ? FinishReason.TOOL_CALLS : FinishReason.STOP, Usage.NONE, null);
    }

    /** Nodes of the built-in types ask for whole answers. */
    @Override
    public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
        throw new UnsupportedOperationException("a script gives whole answers");
    }

    @Override
    public Target target() {
        return TARGET;
    }
}
