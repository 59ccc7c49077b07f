// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.EventStream;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.structured.StructuredAnswer;

/**
 * A loop with tools for code that blocks. An interrupt of the waiting thread cancels what runs, keeps the flag and ends in a
 * {@link java.util.concurrent.CancellationException}. Immutable and thread-safe.
 */
public final class BlockingToolLoop {
    private final ToolLoop loop;

    BlockingToolLoop(ToolLoop loop) {
        this.loop = loop;
    }

    /** @throws ToolLoopException when there is no answer */
    public ToolAnswer complete(LlmRequest request) {
        return Futures.await(loop.complete(request));
    }

    /** Short for a request of one user message. */
    public ToolAnswer complete(String prompt) {
        return complete(LlmRequest.of(prompt));
    }

    /**
     * @throws ToolLoopException when there is no answer
     * @throws dev.holdfast.llm.structured.InvalidOutputException when no answer was valid
     */
    public <T> StructuredAnswer<T> complete(LlmRequest request, Class<T> type) {
        return Futures.await(loop.complete(request, type));
    }

    /** Asks for a stream, as {@link ToolLoop#stream(LlmRequest)}; to be closed by the caller. */
    public EventStream stream(LlmRequest request) {
        return EventStream.of(loop.stream(request));
    }

    /** Short for a request of one user message. */
    public EventStream stream(String prompt) {
        return stream(LlmRequest.of(prompt));
    }
}
