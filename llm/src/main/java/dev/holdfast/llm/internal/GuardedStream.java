// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.Attempt;
import dev.holdfast.CallContext;
import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.CallReport;
import dev.holdfast.ContextCarrier.Carried;
import dev.holdfast.ContextScope;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.StreamRecovery;
import dev.holdfast.llm.preset.Prefill;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One guarded call for a stream, and the subscription of the one who reads it. Where the request wishes so, an answer that
 * was interrupted goes on with a further call, within the first one's deadline and attempts.
 */
public final class GuardedStream implements Flow.Subscription, EventQueue.Source, EventSink {
    private final Holdfast engine;
    private final Targets targets;
    private final CallOptions options;
    private final LlmRequest request;
    private final Guard guard;
    private final EventQueue events;
    private final @Nullable Seams seams;
    private final Carried carried;
    private volatile @Nullable CompletableFuture<StreamAttempt> call;
    private volatile @Nullable StreamAttempt committed;
    private volatile boolean left;

    private GuardedStream(
            Holdfast engine,
            Targets targets,
            CallOptions options,
            LlmRequest request,
            Guard guard,
            Flow.Subscriber<? super StreamEvent> subscriber) {
        this.engine = engine;
        this.targets = targets;
        this.options = options;
        this.request = request;
        this.guard = guard;
        this.events = new EventQueue(subscriber, this);
        this.carried = engine.capture();
        this.seams = request.streamRecovery() == StreamRecovery.CONTINUE ? new Seams(request) : null;
    }

    /** Starts the call; the subscriber hears of everything by its subscription. */
    public static void start(
            Holdfast engine,
            Targets targets,
            CallOptions options,
            LlmRequest request,
            Guard guard,
            Flow.Subscriber<? super StreamEvent> subscriber) {
        GuardedStream stream = new GuardedStream(engine, targets, options, request, guard, subscriber);
        subscriber.onSubscribe(stream);
        if (!stream.left) {
            stream.run(targets, options, provider -> request, stream::committed);
        }
    }

    private void run(
            Targets where,
            CallOptions how,
            Function<LlmProvider, LlmRequest> what,
            BiConsumer<@Nullable StreamAttempt, @Nullable Throwable> then) {
        CompletableFuture<StreamAttempt> started;
        try {
            started = engine.call(where, how, (Attempt attempt) -> {
                LlmProvider provider = guard.provider(attempt.target());
                return new StreamAttempt(attempt, guard.connectTimeout(request)).start(provider, what.apply(provider));
            });
        } catch (RuntimeException e) {
            then.accept(null, e);
            return;
        }
        call = started;
        started.whenComplete(then);
        if (left) {
            started.cancel(true);
        }
    }

    private void committed(@Nullable StreamAttempt attempt, @Nullable Throwable error) {
        if (attempt != null) {
            connect(attempt);
        } else if (error != null) {
            events.add(ended(error));
            events.drain();
        }
    }

    private void connect(StreamAttempt attempt) {
        committed = attempt;
        if (left) {
            attempt.leave();
        } else {
            attempt.connect(this);
        }
    }

    private static StreamEvent.Error ended(Throwable error) {
        if (error instanceof CallException failed) {
            return new StreamEvent.Error(failed.failure().withCause(failed), "", failed.report());
        }
        Failure failure = FailureClassifier.standard().classify(error);
        return new StreamEvent.Error(failure, "");
    }

    // What the committed attempt tells.

    @Override
    public void add(StreamEvent event) {
        if (seams == null) {
            events.add(event);
        } else if (!(event instanceof StreamEvent.Error error) || !goesOn(error, seams)) {
            StreamEvent told = seams.told(event);
            if (told != null) {
                events.add(told);
            }
        }
    }

    @Override
    public void drain() {
        events.drain();
    }

    // After an interruption.

    private boolean goesOn(StreamEvent.Error interruption, Seams joined) {
        StreamAttempt broken = committed;
        CallReport report = interruption.report();
        if (broken == null || report == null || left || broken.sawToolCall()) {
            return false;
        }
        List<Target> able = targets.order().stream()
                .filter(target -> Guard.prefill(guard.provider(target)) != Prefill.NONE)
                .toList();
        int attempts = maxAttempts() - joined.attemptsWith(report);
        if (able.isEmpty() || attempts < 1 || !joined.canContinueAfter(interruption.failure())) {
            return false;
        }
        try (ContextScope open = carried.open()) {
            CallContext context = broken.attempt().context();
            run(
                    Targets.of(able),
                    options.withContext(context).withMaxAttempts(attempts),
                    provider -> joined.continuation(Guard.prefill(provider)),
                    (attempt, error) -> continued(interruption, joined, attempt, error));
        }
        return true;
    }

    private int maxAttempts() {
        Integer own = options.maxAttempts();
        return own != null ? own : engine.config().retry().maxAttempts();
    }

    private void continued(
            StreamEvent.Error interruption, Seams joined, @Nullable StreamAttempt attempt, @Nullable Throwable error) {
        if (attempt != null) {
            int at = joined.begin(interruption.report());
            events.add(new StreamEvent.Continued(
                    interruption.failure(), at, attempt.attempt().target()));
            connect(attempt);
        } else if (error != null) {
            events.add(joined.failed(interruption, error instanceof CallException failed ? failed.report() : null));
            events.drain();
        }
    }

    // The one who reads.

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
