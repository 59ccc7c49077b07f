// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.CallContext;
import dev.holdfast.llm.Content;
import java.util.List;
import java.util.Objects;

/**
 * What a tool is run with. Immutable.
 *
 * @param call what the model asks for; its arguments meet the tool's schema
 * @param context to be handed to guarded calls that the tool makes ({@link dev.holdfast.llm.Llm#within}), so that they share
 *     the id and the deadline; the deadline is the tool's own where that is earlier
 */
public record ToolInput(Content.ToolCall call, CallContext context) {
    public ToolInput {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(context, "context");
    }

    /** The id of the tool call, different for each call of one turn: fit to recognise what was done already. */
    public String id() {
        return call.id();
    }

    /** The arguments as a JSON object. */
    public String argumentsJson() {
        return call.argumentsJson();
    }

    /** A result that worked. */
    public Content.ToolResult result(String text) {
        return new Content.ToolResult(id(), List.of(new Content.Text(text)), false);
    }

    /** An account of why it did not work, for the model to react to. */
    public Content.ToolResult error(String text) {
        return new Content.ToolResult(id(), List.of(new Content.Text(text)), true);
    }
}
