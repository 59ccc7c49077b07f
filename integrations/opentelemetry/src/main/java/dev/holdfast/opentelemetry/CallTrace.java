// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import dev.holdfast.Attempt;
import dev.holdfast.CallObservation;
import dev.holdfast.ContextScope;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.llm.AnswerFacts;
import dev.holdfast.time.Ticker;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call as a span, and its attempts as spans below it. Told of one thing at a time, on changing threads. */
final class CallTrace implements CallObservation {
    private final Tracer tracer;
    private final Instruments instruments;
    private final Subject subject;
    private final Ticker ticker;
    private final long startNanos;
    private final Span span;
    private final Context context;

    // guarded by this
    private final Map<Integer, AttemptSpan> attempts = new HashMap<>();
    private @Nullable AnswerFacts answer;
    private @Nullable Duration wait;
    private int hedge;

    /** Starts the span, below what is current on this thread. */
    CallTrace(Tracer tracer, Instruments instruments, Subject subject, CallEvent.CallStarted started, Ticker ticker) {
        this.tracer = tracer;
        this.instruments = instruments;
        this.subject = subject;
        this.ticker = ticker;
        this.startNanos = ticker.nanos();
        Context parent = Context.current();
        this.span = tracer.spanBuilder(subject.callName())
                .setSpanKind(subject.callKind())
                .setParent(parent)
                .setAllAttributes(subject.labels(subject.first()))
                .setAllAttributes(subject.request())
                .setAttribute(Names.CALL_ID, started.callId())
                .startSpan();
        this.context = parent.with(span);
    }

    @Override
    public ContextScope open(Attempt attempt) {
        AttemptSpan open;
        synchronized (this) {
            open = attempts.get(attempt.number());
        }
        return open == null ? ContextScope.NONE : HoldfastTelemetry.open(open.context);
    }

    @Override
    public synchronized void told(Attempt attempt, Object fact) {
        AttemptSpan teller = attempts.get(attempt.number());
        if (teller != null && fact instanceof AnswerFacts facts) {
            teller.answered(facts);
        }
    }

    @Override
    public synchronized void on(CallEvent event) {
        if (event instanceof CallEvent.AttemptStarted started) {
            attempts.put(
                    started.attempt(),
                    new AttemptSpan(tracer, subject, started, context, wait, started.attempt() == hedge));
            wait = null;
        } else if (event instanceof CallEvent.AttemptCommitted committed) {
            committed(committed);
        } else if (event instanceof CallEvent.AttemptSucceeded done) {
            ended(done.attempt(), Outcome.SUCCESS, done.inputTokens(), done.outputTokens());
        } else if (event instanceof CallEvent.AttemptFailed lost) {
            AttemptSpan attempt = attempts.get(lost.attempt());
            if (attempt != null) {
                attempt.failed(lost);
            }
            ended(lost.attempt(), lost.outcome(), lost.inputTokens(), lost.outputTokens());
        } else if (event instanceof CallEvent.AttemptCancelled left) {
            ended(left.attempt(), Outcome.CANCELLED, left.inputTokens(), left.outputTokens());
        } else if (event instanceof CallEvent.CallEnded ended) {
            callEnded(ended);
        } else {
            between(event);
        }
    }

    /** What happens between attempts. */
    private void between(CallEvent event) {
        if (event instanceof CallEvent.RetryScheduled retry) {
            wait = retry.delay();
            note(
                    Names.RETRY_SCHEDULED,
                    Attributes.of(
                            Names.TARGET, retry.target().name(),
                            Names.CATEGORY, retry.failure().category().word(),
                            Names.WAIT, Instruments.seconds(retry.delay())));
        } else if (event instanceof CallEvent.FailedOver over) {
            note(
                    Names.FAILED_OVER,
                    Attributes.of(
                            Names.FROM, over.from().name(),
                            Names.TO, over.to().name(),
                            Names.CATEGORY, over.failure().category().word()));
        } else if (event instanceof CallEvent.PauseAwaited pause) {
            wait = pause.delay();
            note(
                    Names.PAUSE_AWAITED,
                    Attributes.of(
                            Names.TARGET, pause.target().name(),
                            Names.WAIT, Instruments.seconds(pause.delay())));
        } else if (event instanceof CallEvent.AdmissionQueued queued) {
            note(Names.QUEUED, Attributes.of(Names.TARGET, queued.target().name()));
        } else if (event instanceof CallEvent.HedgeStarted started) {
            hedge = started.attempt();
            note(
                    Names.HEDGE_STARTED,
                    Attributes.of(Names.TARGET, started.target().name()));
        } else if (event instanceof CallEvent.RetriesExhausted exhausted) {
            note(
                    Names.RETRIES_EXHAUSTED,
                    Attributes.of(Names.STOP_REASON, exhausted.reason().word()));
        }
    }

    private void note(String name, Attributes attributes) {
        span.addEvent(name, attributes);
    }

    private void committed(CallEvent.AttemptCommitted committed) {
        AttemptSpan attempt = attempts.get(committed.attempt());
        if (attempt != null) {
            attempt.committed(committed.elapsed(), subject.isStream());
        }
        if (subject.isStream()) {
            Duration elapsed = Duration.ofNanos(ticker.nanos() - startNanos);
            span.setAttribute(Names.FIRST_CHUNK, Instruments.seconds(elapsed));
            instruments.firstChunk(elapsed, subject.labels(subject.first()), context);
        }
    }

    private void ended(int number, Outcome outcome, long inputTokens, long outputTokens) {
        AttemptSpan attempt = attempts.remove(number);
        if (attempt == null) {
            return;
        }
        AnswerFacts facts = attempt.answer();
        if (outcome == Outcome.SUCCESS && facts != null) {
            answer = facts;
        }
        attempt.end(outcome, inputTokens, outputTokens);
        if (subject.operation() != null) {
            instruments.used(
                    inputTokens, outputTokens, withModel(subject.labels(attempt.target), facts), attempt.context);
        }
    }

    private static Attributes withModel(Attributes labels, @Nullable AnswerFacts facts) {
        return facts == null || facts.model().isEmpty()
                ? labels
                : labels.toBuilder().put(Names.RESPONSE_MODEL, facts.model()).build();
    }

    private void callEnded(CallEvent.CallEnded ended) {
        AnswerFacts facts = answer;
        if (facts != null) {
            Answers.describe(span, facts);
        }
        span.setAttribute(Names.OUTCOME, ended.outcome().word());
        span.setAttribute(Names.ATTEMPTS, (long) ended.attempts());
        if (!ended.waited().isZero()) {
            span.setAttribute(Names.WAITED, Instruments.seconds(ended.waited()));
        }
        if (ended.target() != null) {
            span.setAttribute(Names.TARGET, ended.target().name());
        }
        String error = errorType(ended);
        if (error != null) {
            span.setAttribute(Names.ERROR_TYPE, error);
        }
        if (ended.outcome() == Outcome.FAILURE) {
            span.setStatus(StatusCode.ERROR);
        }
        if (subject.operation() != null) {
            AttributesBuilder labels = withModel(subject.labels(subject.first()), facts).toBuilder();
            if (error != null) {
                labels.put(Names.ERROR_TYPE, error);
            }
            instruments.operated(ended.elapsed(), labels.build(), context);
        }
        span.end();
    }

    private static @Nullable String errorType(CallEvent.CallEnded ended) {
        Category category = ended.category();
        return ended.outcome() == Outcome.SUCCESS
                ? null
                : category == null ? ended.outcome().word() : category.word();
    }
}
