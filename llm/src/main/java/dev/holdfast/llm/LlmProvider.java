// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.target.Target;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A model that answers. Implementations must be thread-safe and must not block. A provider made by {@link Llm} is guarded:
 * it retries, fails over and keeps its deadline. A raw one makes exactly one attempt and reports what happened.
 */
public interface LlmProvider {
    /**
     * Asks for a whole answer. The future fails with an exception that knows its verdict ({@link
     * dev.holdfast.CallException} where guarded, {@link ProviderException} where raw), not wrapped; cancelling it cancels
     * the request.
     */
    CompletableFuture<LlmResponse> complete(LlmRequest request);

    /**
     * Asks for an answer as a stream. Cold: each subscription is one call. Every stream ends with exactly one terminal event,
     * {@link StreamEvent.Finish} or {@link StreamEvent.Error}, then {@code onComplete}; {@code onError} is left to a
     * subscriber that breaks the rules of reactive streams. Cancelling the subscription cancels the request at once.
     */
    Flow.Publisher<StreamEvent> stream(LlmRequest request);

    /** Where this provider's calls go; of several, the first. */
    Target target();

    /** Short for a request of one user message. */
    default CompletableFuture<LlmResponse> complete(String prompt) {
        return complete(LlmRequest.of(prompt));
    }

    /** Short for a request of one user message. */
    default Flow.Publisher<StreamEvent> stream(String prompt) {
        return stream(LlmRequest.of(prompt));
    }
}
