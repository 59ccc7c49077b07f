// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.langchain4j.internal.AttemptScope;
import dev.holdfast.langchain4j.internal.WaitingThreads;
import dev.holdfast.llm.EmbeddingProvider;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EmbeddingResponse;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.target.Target;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's models as a target of {@link dev.holdfast.llm.Llm}: any provider that has a module there.
 *
 * <pre>{@code
 * Llm llm = Llm.builder()
 *         .targets("openai/gpt-4o-mini")
 *         .provider(LangChain4jProvider.builder("bedrock/nova").chat(bedrock).streaming(streamingBedrock).build())
 *         .build();
 * }</pre>
 *
 * <p>It is raw: one call of it is one call of the model, guarded by the {@code Llm} that it is given to. Build the models with
 * {@code maxRetries(0)} or on {@link dev.holdfast.langchain4j.http.HoldfastHttpClientBuilder}. What LangChain4j's requests
 * have no place for is in {@link LlmResponse#translation()}; a part of a message that it cannot carry fails the attempt
 * with scope {@code other_target}. Without a streaming model, a stream is a whole answer in one piece; without a plain
 * one, a whole answer is a stream put together.
 *
 * <p>Models that block run on threads of their own. Thread-safe as far as the models are.
 */
public final class LangChain4jProvider implements LlmProvider, EmbeddingProvider {
    private final Target target;
    private final @Nullable ChatModel chat;
    private final @Nullable StreamingChatModel streaming;
    private final @Nullable EmbeddingModel embeddings;
    private final boolean finishReasonRequired;
    private final @Nullable String family;

    private LangChain4jProvider(Builder builder) {
        this.target = builder.target;
        this.chat = builder.chat;
        this.streaming = builder.streaming;
        this.embeddings = builder.embeddings;
        this.finishReasonRequired = builder.finishReasonRequired;
        ModelProvider provider =
                chat != null ? chat.provider() : streaming != null ? streaming.provider() : ModelProvider.OTHER;
        this.family = Routes.family(provider);
    }

    /** @param name of the target, {@code provider/model} as you like it */
    public static Builder builder(String name) {
        return new Builder(Target.of(name));
    }

    /** @param target that says more than a name: credential, quota domain */
    public static Builder builder(Target target) {
        return new Builder(target);
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public CompletableFuture<LlmResponse> complete(LlmRequest request) {
        ChatModel model = chat;
        if (model == null) {
            return streaming == null ? CompletableFuture.failedFuture(none("chat model")) : gathered(request);
        }
        return blocking(() -> {
            ToLangChain4j translated = new ToLangChain4j(request);
            ChatResponse response = model.chat(translated.request());
            ProviderException nothing = Verdicts.emptiness(response);
            if (nothing != null) {
                throw nothing;
            }
            return FromLangChain4j.response(response, translated.notes());
        });
    }

    private CompletableFuture<LlmResponse> gathered(LlmRequest request) {
        CompletableFuture<LlmResponse> whole = new CompletableFuture<>();
        stream(request).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                whole.whenComplete((response, error) -> subscription.cancel());
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(StreamEvent event) {
                if (event instanceof StreamEvent.Finish finish) {
                    whole.complete(finish.response());
                } else if (event instanceof StreamEvent.Error error) {
                    whole.completeExceptionally(new ProviderException(error.failure(), 0, Map.of()));
                }
            }

            @Override
            public void onError(Throwable error) {
                whole.completeExceptionally(error);
            }

            @Override
            public void onComplete() {}
        });
        return whole;
    }

    @Override
    public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
        StreamingChatModel model = streaming;
        return subscriber -> {
            Objects.requireNonNull(subscriber, "subscriber");
            ProviderStream stream = new ProviderStream(subscriber, family, finishReasonRequired);
            if (model != null) {
                stream.start(model, request);
            } else {
                stream.replay(complete(request));
            }
        };
    }

    @Override
    public CompletableFuture<EmbeddingResponse> embed(EmbeddingRequest request) {
        EmbeddingModel model = embeddings;
        if (model == null) {
            return CompletableFuture.failedFuture(none("embedding model"));
        }
        return blocking(() -> {
            Integer dimensions = request.dimensions();
            return dimensions == null ? plain(model, request) : sized(model, request, dimensions);
        });
    }

    private static EmbeddingResponse plain(EmbeddingModel model, EmbeddingRequest request) {
        List<TextSegment> segments =
                request.texts().stream().map(TextSegment::from).toList();
        Response<List<Embedding>> response = model.embedAll(segments);
        return vectors(model.modelName(), response.content(), response.tokenUsage());
    }

    /** LangChain4j has such requests since 1.18. */
    private static EmbeddingResponse sized(EmbeddingModel model, EmbeddingRequest request, int dimensions) {
        var response = model.embed(dev.langchain4j.model.embedding.request.EmbeddingRequest.builder()
                .inputs(request.texts().toArray(String[]::new))
                .dimensions(dimensions)
                .build());
        return vectors(response.modelName(), response.embeddings(), response.tokenUsage());
    }

    private static EmbeddingResponse vectors(
            @Nullable String model, List<Embedding> embeddings, @Nullable TokenUsage usage) {
        return new EmbeddingResponse(
                Objects.requireNonNullElse(model, ""),
                embeddings.stream().map(Embedding::vector).toList(),
                FromLangChain4j.usage(usage),
                null);
    }

    /** Runs code of a model on a thread of its own; cancelling the future interrupts it and ends its request. */
    private <T> CompletableFuture<T> blocking(Callable<T> code) {
        AttemptScope scope = new AttemptScope();
        CompletableFuture<T> result = new CompletableFuture<>();
        FutureTask<Void> task = new FutureTask<>(() -> {
            try {
                result.complete(scope.call(code));
            } catch (ProviderException e) {
                result.completeExceptionally(e);
            } catch (Throwable e) {
                result.completeExceptionally(Verdicts.exception(family, e, false));
            }
            return null;
        });
        result.whenComplete((value, error) -> {
            if (result.isCancelled()) {
                scope.cancel();
                task.cancel(true);
            }
        });
        WaitingThreads.executor().execute(task);
        return result;
    }

    private ProviderException none(String what) {
        return new ProviderException(
                Failure.of(Category.INVALID_REQUEST, "langchain4j.none", target + " has no " + what)
                        .withScope(RetryScope.OTHER_TARGET)
                        .withSent(false),
                0,
                Map.of());
    }

    /** Builds a {@link LangChain4jProvider}. Not thread-safe. */
    public static final class Builder {
        private final Target target;
        private @Nullable ChatModel chat;
        private @Nullable StreamingChatModel streaming;
        private @Nullable EmbeddingModel embeddings;
        private boolean finishReasonRequired = true;

        private Builder(Target target) {
            this.target = target;
        }

        /** Gives whole answers. */
        public Builder chat(ChatModel model) {
            chat = Objects.requireNonNull(model, "model");
            return this;
        }

        /** Gives streams. */
        public Builder streaming(StreamingChatModel model) {
            streaming = Objects.requireNonNull(model, "model");
            return this;
        }

        /** Gives vectors. */
        public Builder embeddings(EmbeddingModel model) {
            embeddings = Objects.requireNonNull(model, "model");
            return this;
        }

        /** As in {@link ResilientStreamingChatModel.Builder#finishReasonRequired}. */
        public Builder finishReasonRequired(boolean value) {
            finishReasonRequired = value;
            return this;
        }

        /** @throws IllegalArgumentException if there is no model */
        public LangChain4jProvider build() {
            if (chat == null && streaming == null && embeddings == null) {
                throw new IllegalArgumentException(target + " needs a chat, a streaming or an embedding model");
            }
            return new LangChain4jProvider(this);
        }
    }
}
