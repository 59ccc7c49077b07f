// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.Attempt;
import dev.holdfast.CallReport;
import dev.holdfast.OngoingAttempt;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.limit.Dimension;
import dev.holdfast.llm.AnswerFacts;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a stream. Until its first content it reads by itself and keeps what comes; then it commits, and from there
 * on it reads only what its reader asks for.
 */
final class StreamAttempt implements Flow.Subscriber<StreamEvent>, AttemptHooks {
    private final Attempt attempt;
    private final Duration connectTimeout;
    private final OngoingAttempt ongoing;
    private final CompletableFuture<StreamAttempt> commit = new CompletableFuture<>();

    private volatile boolean sawToolCall;

    // guarded by this
    private final List<StreamEvent> early = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Flow.@Nullable Subscription upstream;
    private @Nullable EventSink reader;
    private boolean committed;
    private boolean over;
    private long askedFor;

    StreamAttempt(Attempt attempt, Duration connectTimeout) {
        this.attempt = attempt;
        this.connectTimeout = connectTimeout;
        this.ongoing = attempt.goesOn();
    }

    CompletableFuture<StreamAttempt> start(LlmProvider provider, LlmRequest request) {
        attempt.onCancel(this::endedFromOutside);
        Flow.Publisher<StreamEvent> publisher =
                provider instanceof AttemptProvider watched ? watched.stream(request, this) : provider.stream(request);
        publisher.subscribe(this);
        return commit;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        boolean late;
        synchronized (this) {
            late = over;
            upstream = subscription;
        }
        if (late) {
            subscription.cancel();
        } else {
            subscription.request(1);
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
        } else if (event instanceof StreamEvent.Finish finish) {
            usage(finish.response().usage());
            attempt.tell(AnswerFacts.of(finish.response()));
        }
        if (isCommitted()) {
            pass(event);
        } else {
            beforeCommit(event);
        }
    }

    private void usage(Usage usage) {
        attempt.usage(usage.inputTokens(), usage.outputTokens());
    }

    private void beforeCommit(StreamEvent event) {
        boolean commits = event.isContent() || event.isTerminal();
        Flow.Subscription subscription;
        synchronized (this) {
            if (over) {
                return;
            }
            over = event.isTerminal();
            subscription = upstream;
            if (!(event instanceof StreamEvent.Error)) {
                early.add(event);
                note(event);
                committed = commits;
            }
        }
        if (event instanceof StreamEvent.Error error) {
            commit.completeExceptionally(StreamFailures.exception(error.failure()));
        } else if (commits) {
            commit.complete(this);
        } else if (subscription != null) {
            subscription.request(1);
        }
    }

    private void note(StreamEvent event) {
        if (event instanceof StreamEvent.TextDelta delta) {
            text.append(delta.text());
        }
    }

    private void pass(StreamEvent event) {
        EventSink to;
        synchronized (this) {
            if (over) {
                return;
            }
            over = event.isTerminal();
            askedFor--;
            note(event);
            to = reader;
            if (to == null) {
                early.add(event);
            } else if (!event.isTerminal()) {
                to.add(event);
            }
        }
        if (to == null) {
            return;
        }
        if (event.isTerminal()) {
            to.add(ended(event));
        }
        to.drain();
    }

    /**
     * Reports the end to the engine and gives the event as its reader is told it. Only once there is a reader: before, the
     * engine has not committed, and would take the end of an answer for the failure of an attempt.
     */
    private StreamEvent ended(StreamEvent end) {
        if (end instanceof StreamEvent.Finish finish) {
            ongoing.end();
            return new StreamEvent.Finish(finish.response().withReport(report()));
        }
        StreamEvent.Error error = (StreamEvent.Error) end;
        ongoing.fail(StreamFailures.exception(error.failure()));
        return new StreamEvent.Error(error.failure(), error.textSoFar(), report());
    }

    private CallReport report() {
        return ongoing.report();
    }

    /** Whether a tool call has begun to arrive. */
    boolean sawToolCall() {
        return sawToolCall;
    }

    Attempt attempt() {
        return attempt;
    }

    private synchronized boolean isCommitted() {
        return committed;
    }

    /** The call has committed to this attempt: everything goes to its reader from now on. */
    void connect(EventSink to) {
        StreamEvent end = null;
        synchronized (this) {
            for (StreamEvent event : early) {
                if (event.isTerminal()) {
                    end = event;
                } else {
                    to.add(event);
                }
            }
            early.clear();
            reader = to;
        }
        if (end != null) {
            to.add(ended(end));
        }
        to.drain();
    }

    /** The reader wants more than is there. */
    void readOn() {
        Flow.Subscription subscription;
        synchronized (this) {
            subscription = over || askedFor > 0 ? null : upstream;
            if (subscription != null) {
                askedFor++;
            }
        }
        if (subscription != null) {
            ongoing.demand(true);
            subscription.request(1);
        }
    }

    /** The reader has what it asked for. */
    void standStill() {
        ongoing.demand(false);
    }

    /** The reader has left. */
    void leave() {
        ongoing.cancel();
    }

    /** The engine ended the attempt: its own reader must be told why, the server that nobody reads any more. */
    private void endedFromOutside() {
        Flow.Subscription subscription;
        EventSink to = null;
        StreamEvent.Error end = null;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            subscription = upstream;
            Failure failure = ongoing.endedBy();
            if (committed && failure != null) {
                end = new StreamEvent.Error(failure, text.toString());
                to = reader;
                if (to == null) {
                    early.add(end);
                }
            }
        }
        if (subscription != null) {
            subscription.cancel();
        }
        if (to != null && end != null) {
            to.add(new StreamEvent.Error(end.failure(), end.textSoFar(), report()));
            to.drain();
        }
    }

    @Override
    public void onError(Throwable error) {
        // Providers end by an event; this is one that broke its contract.
        Failure failure = FailureClassifier.standard().classify(error);
        onNext(new StreamEvent.Error(failure, textSoFar()));
    }

    @Override
    public void onComplete() {
        boolean unfinished;
        synchronized (this) {
            unfinished = !over;
        }
        if (unfinished) {
            onNext(new StreamEvent.Error(StreamFailures.NO_TERMINAL_EVENT, textSoFar()));
        }
    }

    private synchronized String textSoFar() {
        return text.toString();
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

    @Override
    public void toolCallStarted() {
        sawToolCall = true;
    }
}
