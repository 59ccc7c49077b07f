// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The stream of one turn, read event by event; it completes with the whole answer. Cancelling it cancels the stream. */
final class TurnStream extends CompletableFuture<LlmResponse> implements Flow.Subscriber<StreamEvent> {
    private final Consumer<StreamEvent> reader;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile Flow.@Nullable Subscription upstream;

    /** @param reader is given every event but an error */
    TurnStream(Consumer<StreamEvent> reader) {
        this.reader = reader;
        whenComplete((response, error) -> leave());
    }

    /** Asks for the next event, unless it is on its way. */
    void readOn() {
        Flow.Subscription subscription = upstream;
        if (subscription != null && !isDone() && asked.compareAndSet(false, true)) {
            subscription.request(1);
        }
    }

    private void leave() {
        Flow.Subscription subscription = upstream;
        if (subscription != null && isCancelled()) {
            subscription.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        leave();
    }

    @Override
    public void onNext(StreamEvent event) {
        asked.set(false);
        if (event instanceof StreamEvent.Error error) {
            completeExceptionally(new Broken(error));
            return;
        }
        reader.accept(event);
        if (event instanceof StreamEvent.Finish finish) {
            complete(finish.response());
        }
    }

    @Override
    public void onError(Throwable error) {
        completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        if (!isDone()) {
            completeExceptionally(new IllegalStateException("a stream ended without a terminal event"));
        }
    }

    /** A stream that ended in an error event. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient StreamEvent.Error error;

        Broken(StreamEvent.Error error) {
            super(
                    error.failure().category() + ": " + error.failure().message(),
                    error.failure().cause(),
                    true,
                    false);
            this.error = error;
        }

        StreamEvent.Error error() {
            return error;
        }
    }
}
