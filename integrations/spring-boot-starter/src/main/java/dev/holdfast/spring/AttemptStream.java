// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Attempt;
import dev.holdfast.CallContext;
import dev.holdfast.Holdfast;
import dev.holdfast.OngoingAttempt;
import dev.holdfast.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.FluxSink;
import reactor.util.context.Context;

/**
 * One attempt's stream on its way to the reader. Until something is visible its parts are kept, one asked for at a time;
 * then it commits, and parts are asked for as the reader asks. {@code shown} and what waits to be shown are guarded by this.
 */
final class AttemptStream<T> extends BaseSubscriber<T> {
    private final Attempt attempt;
    private final Holdfast engine;
    private final StreamCall.Source<T> source;
    private final FluxSink<T> sink;
    private final OngoingAttempt ongoing;
    private final CompletableFuture<AttemptStream<T>> commit = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<T> kept = new ArrayList<>();
    private boolean shown;
    private @Nullable Runnable ending;

    AttemptStream(Attempt attempt, Holdfast engine, StreamCall.Source<T> source, FluxSink<T> sink) {
        this.attempt = attempt;
        this.engine = engine;
        this.source = source;
        this.sink = sink;
        this.ongoing = attempt.goesOn();
    }

    CompletionStage<AttemptStream<T>> begin() {
        attempt.onCancel(() -> engine.executor().execute(this::ended));
        try {
            source.flux().subscribe(this);
        } catch (Throwable e) {
            over();
            throw e;
        }
        return commit;
    }

    /** What is called within the stream belongs to this attempt. */
    @Override
    public Context currentContext() {
        return Context.of(sink.contextView()).put(CallContext.class, attempt.context());
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(1);
    }

    @Override
    protected void hookOnNext(T part) {
        source.rules().next(part);
        boolean visible = source.rules().visible();
        if (visible) {
            ongoing.contentArrived();
        } else {
            ongoing.bytesArrived();
        }
        synchronized (this) {
            if (shown) {
                sink.next(part);
                ongoing.demand(sink.requestedFromDownstream() > 0);
                return;
            }
            kept.add(part);
        }
        if (!visible || !commit.complete(this)) {
            request(1);
        }
    }

    @Override
    protected void hookOnComplete() {
        source.rules().usage(attempt);
        Failure wrong = source.rules().atEnd();
        if (wrong == null) {
            over();
            // whole, though nothing of it had to be shown before its end
            commit.complete(this);
            end(() -> {
                ongoing.end();
                sink.complete();
            });
        } else {
            failed(new WrongAnswer(wrong));
        }
    }

    @Override
    protected void hookOnError(Throwable error) {
        failed(error);
    }

    private void failed(Throwable error) {
        if (!over()) {
            return;
        }
        if (source.rules().isHandled(error)) {
            commit.complete(this);
            end(() -> {
                ongoing.end();
                sink.error(error);
            });
        } else if (!commit.completeExceptionally(error)) {
            // What ends the attempt cuts off its request, which may fail for that before anybody says why.
            Failure cut = ongoing.endedBy();
            Failure failure = cut != null ? cut : ModelErrors.afterContent(ModelErrors.CLASSIFIER.classify(error));
            end(() -> {
                ongoing.fail(new WrongAnswer(failure));
                sink.error(new StreamBrokenException(failure, ongoing.report()));
            });
        }
    }

    /** The engine has ended the attempt: a timeout, the deadline, its own end, a rival that was faster. */
    private void ended() {
        cancel();
        Failure failure = ongoing.endedBy();
        if (over() && failure != null) {
            end(() -> sink.error(new StreamBrokenException(failure, ongoing.report())));
        }
    }

    /** The reader left. */
    void abandon() {
        ongoing.cancel();
        cancel();
        over();
    }

    /** The attempt is the one that its reader gets. */
    synchronized void show() {
        if (sink.isCancelled()) {
            abandon();
            return;
        }
        shown = true;
        kept.forEach(sink::next);
        kept.clear();
        Runnable end = ending;
        if (end != null) {
            end.run();
            return;
        }
        ongoing.demand(sink.requestedFromDownstream() > 0);
        sink.onRequest(this::wanted);
    }

    private void wanted(long parts) {
        if (parts > 0) {
            ongoing.demand(true);
            request(parts);
        }
    }

    private synchronized void end(Runnable action) {
        if (shown) {
            action.run();
        } else if (ending == null) {
            ending = action;
        }
    }

    /** True for the first who says so. */
    private boolean over() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            source.atEnd().run();
        }
        return first;
    }
}
