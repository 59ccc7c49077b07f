// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop with tools ended without an answer. Where a model call failed the cause is its {@link dev.holdfast.CallException}.
 * Once a tool has run the scope is never, so that no layer around runs it again; {@link #conversation()} goes on from there
 * without running it again. The message never holds words of prompt or answer.
 */
public class ToolLoopException extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final transient List<ToolTurn> turns;
    private final transient LlmRequest conversation;

    ToolLoopException(Failure failure, List<ToolTurn> turns, LlmRequest conversation, @Nullable Throwable cause) {
        super(failure.category() + ": " + failure.message(), cause);
        this.failure = failure;
        this.turns = List.copyOf(turns);
        this.conversation = conversation;
    }

    @Override
    public Failure failure() {
        return failure;
    }

    public Category category() {
        return failure.category();
    }

    public RetryScope scope() {
        return failure.scope();
    }

    /** When to come back, as far as it is known; null otherwise. */
    public @Nullable Duration retryAfter() {
        return failure.hint();
    }

    /** The turns that were made, in order. */
    public List<ToolTurn> turns() {
        return turns;
    }

    /** Tokens of all turns together. */
    public Usage usage() {
        return turns.stream().map(turn -> turn.response().usage()).reduce(Usage.NONE, Usage::plus);
    }

    /** The request with all whole turns, results of tools included: given to a loop again, it goes on from there. */
    public LlmRequest conversation() {
        return conversation;
    }
}
