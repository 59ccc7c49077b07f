// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.structured;

import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.internal.schema.Asking;
import dev.holdfast.llm.internal.schema.StructuredCall;
import dev.holdfast.llm.internal.schema.TypedSchema;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Models whose answers are objects. Each answer is got by one guarded call, all within one id and one deadline; an invalid
 * one goes back to the model with what is wrong with it, one that was cut is asked for again with more tokens. Immutable
 * and thread-safe. Got by {@link Llm#structured()}.
 *
 * <p>Futures fail with the {@link dev.holdfast.CallException} of a guarded call, which is not repeated, or with an {@link
 * InvalidOutputException}; cancelling them cancels what runs.
 */
public final class StructuredLlm {
    private final Llm llm;
    private final StructuredConfig config;

    private StructuredLlm(Llm llm, StructuredConfig config) {
        this.llm = Objects.requireNonNull(llm, "llm");
        this.config = Objects.requireNonNull(config, "config");
    }

    public static StructuredLlm of(Llm llm, StructuredConfig config) {
        return new StructuredLlm(llm, config);
    }

    /** The same for code that blocks. */
    public BlockingStructuredLlm blocking() {
        return new BlockingStructuredLlm(this);
    }

    /**
     * Asks for an object of a type, usually a record. Its schema holds every component to be there, and not null unless it is
     * marked {@code @Nullable} or {@code Optional}. A constructor that throws refuses the value, and the model is told why.
     *
     * @throws IllegalArgumentException if no schema can be made of the type
     */
    public <T> CompletableFuture<StructuredAnswer<T>> complete(LlmRequest request, Class<T> type) {
        return start(request, TypedSchema.of(type));
    }

    /** Short for a request of one user message. */
    public <T> CompletableFuture<StructuredAnswer<T>> complete(String prompt, Class<T> type) {
        return complete(LlmRequest.of(prompt), type);
    }

    /**
     * As {@link #complete(LlmRequest, Class)}, with a schema of the caller's own.
     *
     * @throws IllegalArgumentException if it is no JSON Schema
     */
    public <T> CompletableFuture<StructuredAnswer<T>> complete(LlmRequest request, Class<T> type, String schemaJson) {
        return start(request, TypedSchema.of(type, schemaJson));
    }

    /**
     * Asks for a JSON value that meets a schema; the answer's value is its text.
     *
     * @throws IllegalArgumentException if it is no JSON Schema
     */
    public CompletableFuture<StructuredAnswer<String>> completeJson(LlmRequest request, String schemaJson) {
        return start(request, TypedSchema.json("answer", schemaJson));
    }

    private <T> CompletableFuture<StructuredAnswer<T>> start(LlmRequest request, TypedSchema<T> schema) {
        Llm within = llm.within(llm.context(request));
        return StructuredCall.start(
                request,
                schema,
                config,
                asked -> Futures.map(
                        within.complete(asked), response -> new Asking.Asked(asked, response, response.usage())));
    }
}
