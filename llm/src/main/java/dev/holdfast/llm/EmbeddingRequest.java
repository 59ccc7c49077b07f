// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.llm.internal.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Texts to be turned into vectors. Immutable; {@code toString} never shows them. How many texts fit into one request is the
 * provider's affair; they are sent as they are.
 *
 * @param texts at least one, none of them empty
 * @param dimensions length of each vector; null leaves it to the model, and many models allow nothing else
 * @param encoding how numbers travel
 * @param timeouts of this request
 * @param extraJson further fields of the provider's request as a JSON object, put on top of the encoded body
 */
public record EmbeddingRequest(
        List<String> texts,
        @Nullable Integer dimensions,
        Encoding encoding,
        RequestTimeouts timeouts,
        String extraJson) {

    /** How the numbers of a vector travel; the vectors are the same. */
    public enum Encoding {
        /** As JSON numbers, which every server understands. */
        FLOAT,
        /** As base64 of little-endian floats: about a quarter of the bytes, where the server understands it. */
        BASE64
    }

    public EmbeddingRequest {
        texts = List.copyOf(texts);
        Objects.requireNonNull(encoding, "encoding");
        Objects.requireNonNull(timeouts, "timeouts");
        Json.requireObject(extraJson, "extraJson");
        if (texts.isEmpty() || texts.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("an embedding request needs at least one text, and none that is empty");
        }
        if (dimensions != null && dimensions < 1) {
            throw new IllegalArgumentException("dimensions must be positive: " + dimensions);
        }
    }

    /** These texts, everything else as the provider does by default. */
    public static EmbeddingRequest of(List<String> texts) {
        return new EmbeddingRequest(texts, null, Encoding.FLOAT, RequestTimeouts.CONFIGURED, "{}");
    }

    public EmbeddingRequest withDimensions(@Nullable Integer value) {
        return new EmbeddingRequest(texts, value, encoding, timeouts, extraJson);
    }

    public EmbeddingRequest withEncoding(Encoding value) {
        return new EmbeddingRequest(texts, dimensions, value, timeouts, extraJson);
    }

    public EmbeddingRequest withTimeouts(RequestTimeouts value) {
        return new EmbeddingRequest(texts, dimensions, encoding, value, extraJson);
    }

    public EmbeddingRequest withExtraJson(String value) {
        return new EmbeddingRequest(texts, dimensions, encoding, timeouts, value);
    }

    @Override
    public String toString() {
        return "EmbeddingRequest[" + texts.size() + " texts]";
    }
}
