// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import java.util.List;

/** A message here has one place for reasoning, one for text and one for tool calls, and so an order of its own. */
final class OpenAiOrder {
    private OpenAiOrder() {}

    /** Whether the parts already stand as they will be read: reasoning, then text, then tool calls. */
    static boolean isKept(List<Content> parts) {
        int before = 0;
        for (Content part : parts) {
            int rank = part instanceof Content.Reasoning ? 0 : part instanceof Content.ToolCall ? 2 : 1;
            if (rank < before) {
                return false;
            }
            before = rank;
        }
        return true;
    }
}
