// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.Attempt;
import dev.holdfast.CallContext;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.limit.Dimension;
import dev.holdfast.llm.AnswerFacts;
import dev.holdfast.llm.EmbeddingProvider;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EmbeddingResponse;
import dev.holdfast.llm.LlmOperation;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.RequestTimeouts;
import dev.holdfast.llm.preset.Prefill;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts a request into the engine's terms: which raw provider serves a target, and what the request asks of its call. */
public final class Guard {
    private final TimeoutConfig configured;
    private final Map<Target, LlmProvider> providers;
    private final @Nullable CallContext context;

    public Guard(Holdfast engine, Map<Target, LlmProvider> providers) {
        this(engine.config().timeouts(), Map.copyOf(providers), null);
    }

    private Guard(TimeoutConfig configured, Map<Target, LlmProvider> providers, @Nullable CallContext context) {
        this.configured = configured;
        this.providers = providers;
        this.context = context;
    }

    /** The same for calls that are made within another. */
    public Guard within(CallContext outer) {
        return new Guard(configured, providers, outer);
    }

    /** What calls are made within; null for nothing. */
    public @Nullable CallContext context() {
        return context;
    }

    LlmProvider provider(Target target) {
        return Objects.requireNonNull(providers.get(target));
    }

    static Prefill prefill(LlmProvider provider) {
        return provider instanceof AttemptProvider known ? known.prefill() : Prefill.NONE;
    }

    /** The configured time, not what is left of a deadline: transports keep a client for each, and the engine watches. */
    Duration connectTimeout(LlmRequest request) {
        return or(request.timeouts().connect(), configured.connect());
    }

    /** @param stream whether the caller reads the answer as a stream */
    public CallOptions options(LlmRequest request, boolean stream) {
        return options(request.timeouts())
                .withSubject(new LlmOperation.Chat(request, stream))
                .withSideEffects(request.sideEffects())
                .withTokens(TokenEstimate.of(request));
    }

    public CallOptions options(EmbeddingRequest request) {
        return options(request.timeouts()).withSubject(new LlmOperation.Embeddings(request));
    }

    private CallOptions options(RequestTimeouts own) {
        CallOptions options = CallOptions.none().withDeadline(own.deadline()).withContext(context);
        if (own.connect() == null && own.firstContent() == null && own.idle() == null && own.attempt() == null) {
            return options;
        }
        return options.withTimeouts(new TimeoutConfig(
                or(own.connect(), configured.connect()),
                or(own.firstContent(), configured.firstContent()),
                or(own.idle(), configured.idle()),
                or(own.attempt(), configured.attempt())));
    }

    private static Duration or(@Nullable Duration own, Duration otherwise) {
        return own != null ? own : otherwise;
    }

    /** One attempt at a whole answer. */
    public CompletableFuture<LlmResponse> attempt(Attempt attempt, LlmRequest request) {
        LlmProvider provider = provider(attempt.target());
        CompletableFuture<LlmResponse> answer = provider instanceof AttemptProvider watched
                ? watched.complete(request, new PlainHooks(attempt, connectTimeout(request)))
                : provider.complete(request);
        return telling(answer, response -> {
            attempt.usage(response.usage().inputTokens(), response.usage().outputTokens());
            attempt.tell(AnswerFacts.of(response));
        });
    }

    /** One attempt at a whole answer that is read as a stream. */
    public CompletableFuture<GatheredAttempt> gather(Attempt attempt, LlmRequest request) {
        return new GatheredAttempt(attempt, connectTimeout(request)).start(provider(attempt.target()), request);
    }

    /** One attempt at vectors. */
    public CompletableFuture<EmbeddingResponse> attempt(Attempt attempt, EmbeddingRequest request) {
        if (!(provider(attempt.target()) instanceof EmbeddingProvider provider)) {
            throw Embeddings.none(attempt.target().provider());
        }
        Duration connect = or(request.timeouts().connect(), configured.connect());
        CompletableFuture<EmbeddingResponse> answer = provider instanceof AttemptProvider watched
                ? watched.embed(request, new PlainHooks(attempt, connect))
                : provider.embed(request);
        return telling(answer, response -> {
            attempt.usage(response.usage().inputTokens(), 0);
            attempt.tell(new AnswerFacts("", response.model(), null, response.usage()));
        });
    }

    /** Tells the usage before anybody hears of the answer; cancelling what is returned cancels the request. */
    private static <T> CompletableFuture<T> telling(CompletableFuture<T> answer, Consumer<T> usage) {
        CompletableFuture<T> told = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                boolean cancelled = super.cancel(mayInterruptIfRunning);
                answer.cancel(mayInterruptIfRunning);
                return cancelled;
            }
        };
        answer.whenComplete((value, error) -> {
            if (error == null) {
                usage.accept(value);
                told.complete(value);
            } else {
                told.completeExceptionally(error);
            }
        });
        return told;
    }

    /** A whole answer has no progress to tell: it is bounded by the attempt's total. */
    private record PlainHooks(Attempt attempt, Duration connectTimeout) implements AttemptHooks {
        @Override
        public void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset) {
            attempt.rateLimit(dimension, limit, remaining, untilReset);
        }

        @Override
        public String callId() {
            return attempt.callId();
        }

        @Override
        public void bytesArrived() {}

        @Override
        public void contentStarted() {}
    }
}
