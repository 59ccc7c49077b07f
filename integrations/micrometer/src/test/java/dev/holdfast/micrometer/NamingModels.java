// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.target.Target;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider that says of each answer that another model made it. */
record NamingModels(LlmProvider provider, AtomicInteger count) implements LlmProvider {
    NamingModels(LlmProvider provider) {
        this(provider, new AtomicInteger());
    }

    @Override
    public CompletableFuture<LlmResponse> complete(LlmRequest request) {
        return provider.complete(request)
                .thenApply(answer -> new LlmResponse(
                        answer.id(),
                        "model-" + count.incrementAndGet(),
                        answer.content(),
                        answer.finishReason(),
                        answer.usage(),
                        answer.raw()));
    }

    @Override
    public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
        return provider.stream(request);
    }

    @Override
    public Target target() {
        return provider.target();
    }
}
