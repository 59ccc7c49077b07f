// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.llm.EmbeddingProvider;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EmbeddingResponse;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.preset.Prefill;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A raw provider that can tell more about a running attempt than its events show. */
public interface AttemptProvider extends LlmProvider, EmbeddingProvider {
    CompletableFuture<LlmResponse> complete(LlmRequest request, AttemptHooks hooks);

    Flow.Publisher<StreamEvent> stream(LlmRequest request, AttemptHooks hooks);

    CompletableFuture<EmbeddingResponse> embed(EmbeddingRequest request, AttemptHooks hooks);

    /** How it is handed the beginning of an answer. */
    default Prefill prefill() {
        return Prefill.NONE;
    }
}
