// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
import java.util.List;

/**
 * The answer of a loop with tools. Immutable; {@code toString} never shows what was said.
 *
 * @param turns all turns in order; the last one holds the answer
 * @param usage tokens of all turns together
 * @param conversation the request with all that was said, the answer included: add a message to go on
 */
public record ToolAnswer(List<ToolTurn> turns, Usage usage, LlmRequest conversation) {
    public ToolAnswer {
        turns = List.copyOf(turns);
    }

    /** The answer. */
    public LlmResponse response() {
        return turns.get(turns.size() - 1).response();
    }

    /** All text of the answer. */
    public String text() {
        return response().text();
    }
}
