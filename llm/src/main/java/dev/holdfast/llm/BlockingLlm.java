// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.CallException;
import dev.holdfast.CallResult;
import dev.holdfast.Holdfast;
import dev.holdfast.llm.internal.Guard;
import dev.holdfast.target.Targets;
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
        CallResult<LlmResponse> result = engine.blocking().callWithReport(targets, guard.options(request), attempt -> {
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

    /** Asks for a stream; to be closed by the caller. */
    public EventStream stream(LlmRequest request) {
        return EventStream.of(llm.stream(request));
    }

    /** Short for a request of one user message. */
    public EventStream stream(String prompt) {
        return stream(LlmRequest.of(prompt));
    }
}
