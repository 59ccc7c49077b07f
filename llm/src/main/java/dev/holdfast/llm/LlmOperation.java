// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import java.util.Objects;

/**
 * What a guarded call asks for: the {@link dev.holdfast.CallOptions#subject subject} of each call that an {@link Llm} makes. For
 * those who observe calls; they must not let out what a request says.
 */
public sealed interface LlmOperation {
    /** Its name in OpenTelemetry's conventions for generative AI. */
    String word();

    /**
     * An answer.
     *
     * @param stream whether the caller reads it as a stream
     */
    record Chat(LlmRequest request, boolean stream) implements LlmOperation {
        public Chat {
            Objects.requireNonNull(request, "request");
        }

        @Override
        public String word() {
            return "chat";
        }
    }

    /** Vectors. {@code toString} never shows the texts. */
    record Embeddings(EmbeddingRequest request) implements LlmOperation {
        public Embeddings {
            Objects.requireNonNull(request, "request");
        }

        @Override
        public String word() {
            return "embeddings";
        }
    }
}
