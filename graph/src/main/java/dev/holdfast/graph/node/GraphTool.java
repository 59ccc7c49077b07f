// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node;

import dev.holdfast.llm.ToolDefinition;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A tool that nodes may let a model use. Must be safe to call for many steps at once and must not block. A failing stage or
 * a throw is told to the model as an error, so that it can react.
 *
 * @param definition what the model is told
 * @param code what the tool does
 */
public record GraphTool(ToolDefinition definition, Code code) {
    /** What a tool does. */
    @FunctionalInterface
    public interface Code {
        CompletionStage<String> call(Call call) throws Exception;
    }

    /**
     * @param argumentsJson a JSON object, not checked against the schema
     * @param key the same when a killed step asks again in the same turn: the idempotency key
     * @param executor for code that blocks
     */
    public record Call(String argumentsJson, String key, Executor executor) {}

    public String name() {
        return definition.name();
    }
}
