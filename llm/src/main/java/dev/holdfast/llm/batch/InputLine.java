// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.llm.LlmRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One line of the input. */
sealed interface InputLine {
    /** From 1. */
    long number();

    /** As given; the line number where none was given. */
    JsonNode id();

    /**
     * A call to make.
     *
     * @param model the line's own, {@code provider/model}; null for the default ones
     */
    record Asked(long number, JsonNode id, @Nullable String model, LlmRequest request) implements InputLine {}

    /** No call can be made of it. */
    record Refused(long number, JsonNode id, String message) implements InputLine {}
}
