// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.structured;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.internal.Futures;

/**
 * Models whose answers are objects, for code that blocks. Each method throws the {@link dev.holdfast.CallException} of a guarded
 * call, or an {@link InvalidOutputException} when no answer was valid. An interrupt of the waiting thread cancels what runs,
 * keeps the flag and ends in a {@link java.util.concurrent.CancellationException}. Immutable and thread-safe.
 */
public final class BlockingStructuredLlm {
    private final StructuredLlm structured;

    BlockingStructuredLlm(StructuredLlm structured) {
        this.structured = structured;
    }

    /** See {@link StructuredLlm#complete(LlmRequest, Class)}. */
    public <T> StructuredAnswer<T> complete(LlmRequest request, Class<T> type) {
        return Futures.await(structured.complete(request, type));
    }

    /** Short for a request of one user message. */
    public <T> StructuredAnswer<T> complete(String prompt, Class<T> type) {
        return complete(LlmRequest.of(prompt), type);
    }

    /** See {@link StructuredLlm#complete(LlmRequest, Class, String)}. */
    public <T> StructuredAnswer<T> complete(LlmRequest request, Class<T> type, String schemaJson) {
        return Futures.await(structured.complete(request, type, schemaJson));
    }

    /** See {@link StructuredLlm#completeJson}. */
    public StructuredAnswer<String> completeJson(LlmRequest request, String schemaJson) {
        return Futures.await(structured.completeJson(request, schemaJson));
    }
}
