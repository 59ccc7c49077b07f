// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.CallReport;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.internal.EventQueue;
import dev.holdfast.llm.internal.Futures;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One subscription to a loop with tools. The streams of its turns follow each other in one queue; each is read only as far as the
 * subscriber asks, and their own ends are kept back, because the loop has one end.
 */
final class ToolLoopStream implements Flow.Subscription, EventQueue.Source {
    private final Function<LlmRequest, Flow.Publisher<StreamEvent>> streams;
    private final EventQueue events;
    private volatile @Nullable TurnStream turn;
    private volatile @Nullable CompletableFuture<ToolAnswer> loop;
    private volatile boolean left;

    /** Of the turns before the running one. */
    private volatile Usage usageBefore = Usage.NONE;

    ToolLoopStream(
            Function<LlmRequest, Flow.Publisher<StreamEvent>> streams,
            Flow.Subscriber<? super StreamEvent> subscriber) {
        this.streams = streams;
        this.events = new EventQueue(subscriber, this);
    }

    /** @param start starts the loop, with what it is to ask by */
    void run(
            Flow.Subscriber<? super StreamEvent> subscriber,
            Function<Function<LlmRequest, CompletableFuture<LlmResponse>>, CompletableFuture<ToolAnswer>> start) {
        subscriber.onSubscribe(this);
        if (left) {
            return;
        }
        CompletableFuture<ToolAnswer> started = start.apply(this::ask);
        loop = started;
        started.whenComplete((answer, error) -> {
            events.add(error == null ? finish(answer) : failed(Futures.unwrapped(error)));
            events.drain();
        });
        if (left) {
            started.cancel(true);
        }
    }

    private CompletableFuture<LlmResponse> ask(LlmRequest request) {
        TurnStream next = new TurnStream(this::said);
        turn = next;
        streams.apply(request).subscribe(next);
        // Whoever asked for more before there was this turn asks it now.
        events.drain();
        return next;
    }

    private void said(StreamEvent event) {
        if (event instanceof StreamEvent.UsageUpdate update) {
            events.add(new StreamEvent.UsageUpdate(usageBefore.plus(update.usage())));
        } else if (event instanceof StreamEvent.Finish finish) {
            usageBefore = usageBefore.plus(finish.response().usage());
            return;
        } else {
            events.add(event);
        }
        events.drain();
    }

    private static StreamEvent finish(ToolAnswer answer) {
        return new StreamEvent.Finish(answer.response().withUsage(answer.usage()));
    }

    private static StreamEvent failed(Throwable error) {
        if (error instanceof ToolLoopException failed) {
            List<ToolTurn> turns = failed.turns();
            Throwable cause = failed.getCause();
            CallReport report = turns.isEmpty()
                    ? null
                    : turns.get(turns.size() - 1).response().report();
            if (cause instanceof TurnStream.Broken broken) {
                return new StreamEvent.Error(
                        failed.failure(),
                        broken.error().textSoFar(),
                        broken.error().report());
            }
            return new StreamEvent.Error(failed.failure().withCause(failed), "", report);
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
        TurnStream running = turn;
        if (running != null) {
            running.readOn();
        }
    }

    /** Nothing is asked for, so the running turn is not asked either. */
    @Override
    public void sated() {}

    @Override
    public void left() {
        left = true;
        CompletableFuture<ToolAnswer> running = loop;
        if (running != null) {
            running.cancel(true);
        }
    }
}
