// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.failure.Failure;
import dev.holdfast.llm.LlmRequest;
import java.util.List;

/** The model still asked for tools in the last turn allowed; those of that turn were not run. */
public final class ToolTurnLimitException extends ToolLoopException {
    private static final long serialVersionUID = 1L;

    ToolTurnLimitException(Failure failure, List<ToolTurn> turns, LlmRequest conversation) {
        super(failure, turns, conversation, null);
    }
}
