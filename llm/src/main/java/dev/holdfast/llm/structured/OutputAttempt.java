// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.structured;

import dev.holdfast.llm.LlmResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer on the way to a valid one. Immutable; {@code toString} shows neither the answer nor its problems.
 *
 * @param response the answer, with the report of its guarded call
 * @param problems what was wrong with it; empty for a valid one, and for one that was cut
 * @param maxTokens the token limit that it was asked for with; null for the provider's own
 */
public record OutputAttempt(
        LlmResponse response,
        List<SchemaProblem> problems,
        @Nullable Integer maxTokens) {
    public OutputAttempt {
        problems = List.copyOf(problems);
    }
}
