// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Gathers the text of one stream; cancelling it cancels the stream. */
final class TextOfStream extends CompletableFuture<String> implements Flow.Subscriber<StreamEvent> {
    private final StringBuilder text = new StringBuilder();
    private volatile Flow.@Nullable Subscription subscription;

    static CompletableFuture<String> of(Flow.Publisher<StreamEvent> stream) {
        TextOfStream gathered = new TextOfStream();
        stream.subscribe(gathered);
        return gathered;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(StreamEvent event) {
        if (event instanceof StreamEvent.TextDelta delta) {
            text.append(delta.text());
        } else if (event instanceof StreamEvent.Finish) {
            complete(text.toString());
        } else if (event instanceof StreamEvent.Error error) {
            Throwable cause = error.failure().cause();
            completeExceptionally(
                    cause instanceof ProviderException known
                            ? known
                            : new ProviderException(error.failure(), 0, Map.of()));
        }
    }

    @Override
    public void onError(Throwable error) {
        completeExceptionally(error);
    }

    @Override
    public void onComplete() {}

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        Flow.Subscription given = subscription;
        if (cancelled && given != null) {
            given.cancel();
        }
        return cancelled;
    }
}
