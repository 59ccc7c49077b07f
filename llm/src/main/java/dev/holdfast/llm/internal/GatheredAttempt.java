// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.Attempt;
import dev.holdfast.OngoingAttempt;
import dev.holdfast.limit.Dimension;
import dev.holdfast.llm.AnswerFacts;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a stream of which nobody sees a part: it commits at its end, so that whatever goes wrong before is an
 * ordinary failure of an attempt.
 */
public final class GatheredAttempt implements Flow.Subscriber<StreamEvent>, AttemptHooks {
    private final Attempt attempt;
    private final Duration connectTimeout;
    private final OngoingAttempt ongoing;
    private final CompletableFuture<GatheredAttempt> whole = new CompletableFuture<>();
    private final AtomicReference<Flow.@Nullable Subscription> upstream = new AtomicReference<>();
    private volatile boolean cut;
    private volatile @Nullable LlmResponse response;

    GatheredAttempt(Attempt attempt, Duration connectTimeout) {
        this.attempt = attempt;
        this.connectTimeout = connectTimeout;
        this.ongoing = attempt.goesOn();
    }

    CompletableFuture<GatheredAttempt> start(LlmProvider provider, LlmRequest request) {
        attempt.onCancel(this::endedFromOutside);
        Flow.Publisher<StreamEvent> publisher =
                provider instanceof AttemptProvider watched ? watched.stream(request, this) : provider.stream(request);
        publisher.subscribe(this);
        return whole;
    }

    /** The answer with the report of its call, to be asked for once, after the commit: this ends the attempt. */
    public LlmResponse ended() {
        ongoing.end();
        return Objects.requireNonNull(response).withReport(ongoing.report());
    }

    private void endedFromOutside() {
        cut = true;
        Flow.Subscription subscription = upstream.get();
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream.set(subscription);
        if (cut) {
            subscription.cancel();
        } else {
            ongoing.demand(true);
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(StreamEvent event) {
        ongoing.bytesArrived();
        if (event.isContent()) {
            ongoing.contentArrived();
        }
        if (event instanceof StreamEvent.UsageUpdate update) {
            usage(update.usage());
        } else if (event instanceof StreamEvent.Error error) {
            whole.completeExceptionally(StreamFailures.exception(error.failure()));
        } else if (event instanceof StreamEvent.Finish finish) {
            usage(finish.response().usage());
            attempt.tell(AnswerFacts.of(finish.response()));
            response = finish.response();
            whole.complete(this);
        }
    }

    private void usage(Usage usage) {
        attempt.usage(usage.inputTokens(), usage.outputTokens());
    }

    @Override
    public void onError(Throwable error) {
        whole.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        if (!whole.isDone()) {
            whole.completeExceptionally(StreamFailures.exception(StreamFailures.NO_TERMINAL_EVENT));
        }
    }

    // What the wire tells.

    @Override
    public void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset) {
        attempt.rateLimit(dimension, limit, remaining, untilReset);
    }

    @Override
    public String callId() {
        return attempt.callId();
    }

    @Override
    public Duration connectTimeout() {
        return connectTimeout;
    }

    @Override
    public void bytesArrived() {
        ongoing.bytesArrived();
    }

    @Override
    public void contentStarted() {
        ongoing.contentArrived();
    }
}
