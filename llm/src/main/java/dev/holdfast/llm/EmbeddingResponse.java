// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.CallReport;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of texts.
 *
 * @param model the model that made them, in the provider's words; empty when it did not say
 * @param vectors one for each text, in the order of the texts; the arrays are the caller's, all of one length
 * @param usage tokens of the texts
 * @param report the attempts of the call; null where no engine guarded it
 */
public record EmbeddingResponse(
        String model,
        List<float[]> vectors,
        Usage usage,
        @Nullable CallReport report) {
    public EmbeddingResponse {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(usage, "usage");
        vectors = List.copyOf(vectors);
    }

    public EmbeddingResponse withReport(CallReport newReport) {
        return new EmbeddingResponse(model, vectors, usage, newReport);
    }

    /** The vector of the text at this index. */
    public float[] vector(int index) {
        return vectors.get(index);
    }

    /** The length of each vector. */
    public int dimensions() {
        return vectors.isEmpty() ? 0 : vectors.get(0).length;
    }

    @Override
    public String toString() {
        return "EmbeddingResponse[model=" + model + ", " + vectors.size() + " vectors of " + dimensions() + ", usage="
                + usage + "]";
    }
}
