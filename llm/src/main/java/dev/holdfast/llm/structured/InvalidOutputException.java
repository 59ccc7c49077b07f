// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.structured;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model answered and no answer was what was asked for. The category is invalid_output, or content_filter when a policy
 * ended the answer. The message names rules and properties of the schema, never words of prompt or answer; what the model
 * wrote is in {@link #response()}. Must not be repeated as it is: that has been done.
 */
public final class InvalidOutputException extends RuntimeException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final transient List<OutputAttempt> attempts;
    private final transient Usage usage;

    public InvalidOutputException(
            Failure failure, List<OutputAttempt> attempts, Usage usage, @Nullable Throwable cause) {
        super(failure.category() + ": " + failure.message(), cause);
        this.failure = failure;
        this.attempts = List.copyOf(attempts);
        this.usage = usage;
    }

    @Override
    public Failure failure() {
        return failure;
    }

    public Category category() {
        return failure.category();
    }

    /** All answers in order; at least one. */
    public List<OutputAttempt> attempts() {
        return attempts;
    }

    /** What was wrong with the last answer; empty when it was cut. May hold words of the answer. */
    public List<SchemaProblem> problems() {
        return attempts.get(attempts.size() - 1).problems();
    }

    /** The last answer. */
    public LlmResponse response() {
        return attempts.get(attempts.size() - 1).response();
    }

    /** Tokens of all answers together. */
    public Usage usage() {
        return usage;
    }
}
