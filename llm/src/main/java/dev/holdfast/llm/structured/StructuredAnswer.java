// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.structured;

import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
import java.util.List;

/**
 * An answer that is an object. Immutable; {@code toString} does not show the value.
 *
 * @param value what was asked for
 * @param attempts all answers in order; the last one holds the value
 * @param usage tokens of all answers together
 */
public record StructuredAnswer<T>(T value, List<OutputAttempt> attempts, Usage usage) {
    public StructuredAnswer {
        attempts = List.copyOf(attempts);
    }

    /** The answer that holds the value. */
    public LlmResponse response() {
        return attempts.get(attempts.size() - 1).response();
    }

    @Override
    public String toString() {
        return "StructuredAnswer[" + value.getClass().getSimpleName() + ", " + attempts.size() + " attempts, " + usage
                + "]";
    }
}
