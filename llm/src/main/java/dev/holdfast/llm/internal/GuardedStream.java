// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.Attempt;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.target.Targets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** One guarded call for a stream, and the subscription of the one who reads it. */
public final class GuardedStream implements Flow.Subscription, EventQueue.Source {
    private final EventQueue events;
    private volatile @Nullable CompletableFuture<StreamAttempt> call;
    private volatile @Nullable StreamAttempt committed;
    private volatile boolean left;

    private GuardedStream(Flow.Subscriber<? super StreamEvent> subscriber) {
        this.events = new EventQueue(subscriber, this);
    }

    /** Starts the call; the subscriber hears of everything by its subscription. */
    public static void start(
            Holdfast engine,
            Targets targets,
            CallOptions options,
            LlmRequest request,
            Guard guard,
            Flow.Subscriber<? super StreamEvent> subscriber) {
        GuardedStream stream = new GuardedStream(subscriber);
        subscriber.onSubscribe(stream);
        if (!stream.left) {
            stream.run(engine, targets, options, request, guard);
        }
    }

    private void run(Holdfast engine, Targets targets, CallOptions options, LlmRequest request, Guard guard) {
        CompletableFuture<StreamAttempt> started;
        try {
            started = engine.call(
                    targets, options, (Attempt attempt) -> new StreamAttempt(attempt, guard.connectTimeout(request))
                            .start(guard.provider(attempt.target()), request));
        } catch (RuntimeException e) {
            committed(null, e);
            return;
        }
        call = started;
        started.whenComplete(this::committed);
        if (left) {
            started.cancel(true);
        }
    }

    private void committed(@Nullable StreamAttempt attempt, @Nullable Throwable error) {
        if (attempt != null) {
            committed = attempt;
            if (left) {
                attempt.leave();
            } else {
                attempt.connect(events);
            }
        } else if (error != null) {
            events.add(ended(error));
            events.drain();
        }
    }

    private static StreamEvent.Error ended(Throwable error) {
        if (error instanceof CallException failed) {
            return new StreamEvent.Error(failed.failure().withCause(failed), "", failed.report());
        }
        Failure failure = FailureClassifier.standard().classify(error);
        return new StreamEvent.Error(failure, "");
    }

    @Override
    public void request(long count) {
        events.request(count);
    }

    @Override
    public void cancel() {
        events.cancel();
    }

    @Override
    public void hungry() {
        StreamAttempt attempt = committed;
        if (attempt != null) {
            attempt.readOn();
        }
    }

    /** Told in turn with {@link #hungry}, so the attempt never stands still while its reader wants more. */
    @Override
    public void sated() {
        StreamAttempt attempt = committed;
        if (attempt != null) {
            attempt.standStill();
        }
    }

    @Override
    public void left() {
        left = true;
        CompletableFuture<StreamAttempt> running = call;
        if (running != null) {
            running.cancel(true);
        }
        StreamAttempt attempt = committed;
        if (attempt != null) {
            attempt.leave();
        }
    }
}
