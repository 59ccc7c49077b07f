// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
import java.util.concurrent.CompletableFuture;

/** How a request becomes an answer: by one guarded call, or by a loop with tools. */
@FunctionalInterface
public interface Asking {
    /** The future fails as guarded calls do; cancelling it cancels what runs. */
    CompletableFuture<Asked> ask(LlmRequest request);

    /**
     * An answer.
     *
     * @param request to go on with: what was asked, and what tools were used meanwhile
     * @param usage of all calls that were needed
     */
    record Asked(LlmRequest request, LlmResponse response, Usage usage) {}
}
