// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import java.util.Objects;

/**
 * What a client is told about an answer beside its content. Immutable.
 *
 * @param id the answer's id; empty takes the provider's own, which a stream cannot
 * @param model the model as the client shall see it, usually the name that it asked for; empty takes the provider's own,
 *     which a stream cannot
 * @param createdEpochSecond when the answer was made; used where the answer does not say and the dialect wants it
 * @param streamUsage whether a stream ends with its usage, where the dialect leaves a choice
 */
public record AnswerHead(String id, String model, long createdEpochSecond, boolean streamUsage) {
    public AnswerHead {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(model, "model");
    }
}
