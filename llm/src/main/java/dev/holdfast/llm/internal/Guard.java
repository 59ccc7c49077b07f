// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.Attempt;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.RequestTimeouts;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Puts a request into the engine's terms: which raw provider serves a target, and what the request asks of its call. */
public final class Guard {
    private final TimeoutConfig configured;
    private final Map<Target, LlmProvider> providers;

    public Guard(Holdfast engine, Map<Target, LlmProvider> providers) {
        this.configured = engine.config().timeouts();
        this.providers = Map.copyOf(providers);
    }

    LlmProvider provider(Target target) {
        return Objects.requireNonNull(providers.get(target));
    }

    /** The configured time, not what is left of a deadline: transports keep a client for each, and the engine watches. */
    Duration connectTimeout(LlmRequest request) {
        Duration own = request.timeouts().connect();
        return own != null ? own : configured.connect();
    }

    public CallOptions options(LlmRequest request) {
        RequestTimeouts own = request.timeouts();
        CallOptions options =
                CallOptions.none().withSideEffects(request.sideEffects()).withDeadline(own.deadline());
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
        answer.thenAccept(response ->
                attempt.usage(response.usage().inputTokens(), response.usage().outputTokens()));
        return answer;
    }

    /** One attempt at a whole answer that is read as a stream. */
    public CompletableFuture<GatheredAttempt> gather(Attempt attempt, LlmRequest request) {
        return new GatheredAttempt(attempt, connectTimeout(request)).start(provider(attempt.target()), request);
    }

    /** A whole answer has no progress to tell: it is bounded by the attempt's total. */
    private record PlainHooks(Attempt attempt, Duration connectTimeout) implements AttemptHooks {
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
