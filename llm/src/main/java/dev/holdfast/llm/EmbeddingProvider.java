// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import java.util.concurrent.CompletableFuture;

/** A raw provider that turns texts into vectors. Implementations must be thread-safe and must not block. */
public interface EmbeddingProvider {
    /**
     * Makes exactly one attempt. The future fails with a {@link ProviderException}, not wrapped; cancelling it cancels the
     * request.
     */
    CompletableFuture<EmbeddingResponse> embed(EmbeddingRequest request);
}
