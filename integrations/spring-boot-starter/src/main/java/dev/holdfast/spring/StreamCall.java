// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Attempt;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.target.Targets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.util.context.ContextView;

/**
 * A streamed call: attempts are tried until one has something to show, and that one is passed on. What its reader does not
 * ask for is not asked of the model, and a reader that leaves ends the attempt.
 *
 * @param source the stream of one attempt, and what it has to be
 */
record StreamCall<T>(Holdfast engine, Targets targets, Function<Attempt, Source<T>> source) {

    /**
     * One attempt's stream.
     *
     * @param flux not yet subscribed
     * @param rules of this attempt alone
     * @param atEnd runs once when it is over, however it ended
     */
    record Source<T>(Flux<T> flux, StreamRules<T> rules, Runnable atEnd) {}

    /** Starts with each subscription. */
    Flux<T> flux(Function<ContextView, CallOptions> options) {
        return Flux.create(sink -> start(options.apply(sink.contextView()), sink));
    }

    private void start(CallOptions options, FluxSink<T> sink) {
        CompletableFuture<AttemptStream<T>> call = engine.call(targets, options, attempt -> {
            AttemptStream<T> stream = new AttemptStream<>(attempt, engine, source.apply(attempt), sink);
            return stream.begin();
        });
        sink.onCancel(() -> {
            if (!call.cancel(true)) {
                call.thenAccept(AttemptStream::abandon);
            }
        });
        call.whenComplete((stream, error) -> {
            if (error == null) {
                stream.show();
            } else if (!call.isCancelled()) {
                sink.error(error);
            }
        });
    }
}
