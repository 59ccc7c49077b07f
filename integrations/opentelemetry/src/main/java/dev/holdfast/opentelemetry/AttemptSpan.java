// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Outcome;
import dev.holdfast.llm.AnswerFacts;
import dev.holdfast.target.Target;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt as a span. Used under the lock of its call's trace, but for {@link #context}. */
final class AttemptSpan {
    private final Span span;
    final Context context;
    final Target target;
    private final CircuitState circuit;
    private @Nullable AnswerFacts answer;

    /** @param wait before it, where it is known */
    AttemptSpan(
            Tracer tracer,
            Subject subject,
            CallEvent.AttemptStarted started,
            Context parent,
            @Nullable Duration wait,
            boolean hedge) {
        this.target = started.target();
        this.circuit = started.circuit();
        this.span = tracer.spanBuilder(subject.attemptName(target))
                .setSpanKind(SpanKind.CLIENT)
                .setParent(parent)
                .setAllAttributes(subject.labels(target))
                .setAllAttributes(subject.request())
                .setAllAttributes(Subject.server(target))
                .setAttribute(Names.TARGET, target.name())
                .setAttribute(Names.ATTEMPT, (long) started.attempt())
                .setAttribute(Names.CIRCUIT, circuit.word())
                .startSpan();
        if (started.attempt() > 1) {
            span.setAttribute(Names.RESEND_COUNT, (long) started.attempt() - 1);
        }
        if (started.probe()) {
            span.setAttribute(Names.PROBE, true);
        }
        if (hedge) {
            span.setAttribute(Names.HEDGE, true);
        }
        if (wait != null) {
            span.setAttribute(Names.WAIT, Instruments.seconds(wait));
        }
        this.context = parent.with(span);
    }

    void committed(Duration elapsed, boolean stream) {
        if (stream) {
            span.setAttribute(Names.FIRST_CHUNK, Instruments.seconds(elapsed));
        }
    }

    void answered(AnswerFacts facts) {
        answer = facts;
        Answers.describe(span, facts);
    }

    @Nullable
    AnswerFacts answer() {
        return answer;
    }

    void failed(CallEvent.AttemptFailed failed) {
        if (failed.circuit() != circuit) {
            span.addEvent(
                    Names.CIRCUIT_CHANGED,
                    Attributes.of(
                            Names.TARGET, target.name(),
                            Names.FROM, circuit.word(),
                            Names.TO, failed.circuit().word()));
        }
        span.setAttribute(Names.ERROR_TYPE, failed.failure().category().word());
        span.setAttribute(Names.RULE, failed.failure().rule());
        span.setStatus(StatusCode.ERROR);
    }

    void end(Outcome outcome, long inputTokens, long outputTokens) {
        if (answer == null) {
            Answers.tokens(span, inputTokens, outputTokens);
        }
        span.setAttribute(Names.OUTCOME, outcome.word());
        span.end();
    }
}
