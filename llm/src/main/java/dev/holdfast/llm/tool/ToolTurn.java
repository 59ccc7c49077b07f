// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmResponse;
import java.util.List;

/**
 * One turn of a loop with tools. Immutable; {@code toString} never shows what was said.
 *
 * @param response the model's answer, with the report of its guarded call
 * @param results of the tools that it asked for, in the order of the calls; empty for the answer that ends the loop, and
 *     where the loop ended before they ran
 */
public record ToolTurn(LlmResponse response, List<Content.ToolResult> results) {
    public ToolTurn {
        results = List.copyOf(results);
    }
}
