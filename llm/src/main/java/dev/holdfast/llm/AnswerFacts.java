// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt {@linkplain dev.holdfast.Attempt#tell tells} of its answer when it is whole, without a word of what was said.
 *
 * @param id as the provider gave it; empty where it gave none
 * @param model that answered, as the provider named it; empty where it did not
 * @param finishReason null for vectors
 */
public record AnswerFacts(String id, String model, @Nullable FinishReason finishReason, Usage usage) {
    public AnswerFacts {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(usage, "usage");
    }

    public static AnswerFacts of(LlmResponse response) {
        return new AnswerFacts(response.id(), response.model(), response.finishReason(), response.usage());
    }
}
