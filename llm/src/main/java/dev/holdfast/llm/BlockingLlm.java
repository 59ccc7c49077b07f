// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.CallException;
import dev.holdfast.CallResult;
import dev.holdfast.Holdfast;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.internal.Guard;
import dev.holdfast.llm.structured.StructuredAnswer;
import dev.holdfast.target.Targets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Guarded models for code that blocks. Thread-safe. */
public final class BlockingLlm {
    private final Llm llm;
    private final Holdfast engine;
    private final Targets targets;
    private final Guard guard;

    BlockingLlm(Llm llm, Holdfast engine, Targets targets, Guard guard) {
        this.llm = llm;
        this.engine = engine;
        this.targets = targets;
        this.guard = guard;
    }

    /**
     * Asks and waits for the whole answer.
     *
     * @throws CallException when nothing that could be tried succeeded; category cancelled when the thread was interrupted
     */
    public LlmResponse complete(LlmRequest request) {
        CallResult<LlmResponse> result = engine.blocking()
                .callWithReport(targets, guard.options(request, false), attempt -> {
                    CompletableFuture<LlmResponse> answer = guard.attempt(attempt, request);
                    try {
                        return answer.get();
                    } catch (InterruptedException e) {
                        answer.cancel(true);
                        throw e;
                    } catch (ExecutionException e) {
                        throw e.getCause() instanceof Exception cause ? cause : e;
                    }
                });
        return result.value().withReport(result.report());
    }

    /** Short for a request of one user message. */
    public LlmResponse complete(String prompt) {
        return complete(LlmRequest.of(prompt));
    }

    /**
     * Asks for an object of a type and waits for it.
     *
     * @throws CallException when a guarded call failed
     * @throws dev.holdfast.llm.structured.InvalidOutputException when no answer was valid
     * @throws java.util.concurrent.CancellationException when the thread was interrupted; its flag is kept
     */
    public <T> StructuredAnswer<T> complete(LlmRequest request, Class<T> type) {
        return Futures.await(llm.complete(request, type));
    }

    /** Short for a request of one user message. */
    public <T> StructuredAnswer<T> complete(String prompt, Class<T> type) {
        return complete(LlmRequest.of(prompt), type);
    }

    /** As {@link #complete(LlmRequest, Class)}, for a JSON value that meets a schema. */
    public StructuredAnswer<String> completeJson(LlmRequest request, String schemaJson) {
        return Futures.await(llm.completeJson(request, schemaJson));
    }

    /**
     * Turns texts into vectors and waits for them.
     *
     * @throws CallException when nothing that could be tried succeeded
     * @throws java.util.concurrent.CancellationException when the thread was interrupted; its flag is kept
     */
    public EmbeddingResponse embed(EmbeddingRequest request) {
        return Futures.await(llm.embed(request));
    }

    /** As {@link #embed(EmbeddingRequest)}, as the provider does by default. */
    public EmbeddingResponse embed(List<String> texts) {
        return embed(EmbeddingRequest.of(texts));
    }

    /** Asks for a stream; to be closed by the caller. */
    public EventStream stream(LlmRequest request) {
        return EventStream.of(llm.stream(request));
    }

    /** Short for a request of one user message. */
    public EventStream stream(String prompt) {
        return stream(LlmRequest.of(prompt));
    }
}
