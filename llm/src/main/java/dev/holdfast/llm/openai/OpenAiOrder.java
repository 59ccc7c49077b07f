// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.dialect.Carrier;
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

    /** Reports what an answer loses by that. */
    static void report(List<Content> parts, Carrier carrier) {
        if (!isKept(parts)) {
            carrier.approximated("content", "reasoning first, then text, then tool calls");
        }
        joined(parts, Content.Text.class, "several texts joined to one", carrier);
        joined(parts, Content.Reasoning.class, "several reasoning parts joined to one", carrier);
    }

    private static void joined(List<Content> parts, Class<? extends Content> kind, String detail, Carrier carrier) {
        long count = parts.stream()
                .filter(kind::isInstance)
                .filter(part -> !carrier.hasForm(part.extra(), OpenAiForms.REFUSAL))
                .count();
        if (count > 1) {
            carrier.approximated("content", detail);
        }
    }
}
