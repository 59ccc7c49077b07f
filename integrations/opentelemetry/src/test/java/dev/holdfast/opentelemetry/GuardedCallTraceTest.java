// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.CallContext;
import dev.holdfast.CallOptions;
import dev.holdfast.Conservation;
import dev.holdfast.HedgeConfig;
import dev.holdfast.RealHoldfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarded calls to anything, as spans. */
@Timeout(120)
class GuardedCallTraceTest {
    private final Recorded recorded = new Recorded();
    private final VirtualHoldfast holdfast = new VirtualHoldfast();
    private final Targets targets = Targets.named("a/one", "b/two");

    @AfterEach
    void nothingIsLeft() {
        recorded.assertNoneOpen();
        recorded.close();
    }

    @Test
    void callIsOneSpanWithOneChildForEachAttempt() {
        recorded.telemetry.follow(holdfast.engine);

        holdfast.call(targets, fault(Category.OVERLOADED), "yes");
        holdfast.run();

        SpanData call = recorded.root();
        assertThat(call.getName()).isEqualTo("call a/one");
        assertThat(call.getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(Recorded.attribute(call, Names.OUTCOME)).isEqualTo("success");
        assertThat(Recorded.attribute(call, Names.ATTEMPTS)).isEqualTo(2);
        assertThat(Recorded.attribute(call, Names.TARGET)).isEqualTo("b/two");
        assertThat(call.getEvents()).extracting(event -> event.getName()).containsExactly(Names.FAILED_OVER);
        assertThat(recorded.childrenOf(call))
                .extracting(SpanData::getName, SpanData::getKind, span -> Recorded.attribute(span, Names.RESEND_COUNT))
                .containsExactly(
                        tuple("attempt a/one", SpanKind.CLIENT, null), tuple("attempt b/two", SpanKind.CLIENT, 1L));
        SpanData failed = recorded.span("attempt a/one");
        assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(Recorded.attribute(failed, Names.ERROR_TYPE)).isEqualTo("overloaded");
        assertThat(Recorded.attribute(failed, Names.CIRCUIT)).isEqualTo("closed");
        holdfast.assertAllReturned();
    }

    @Test
    void waitBeforeARetryIsTold() {
        VirtualHoldfast patient =
                new VirtualHoldfast(config -> config.withBackoff(Backoff.fixed(Duration.ofSeconds(2))));
        recorded.telemetry.follow(patient.engine);

        patient.call(Targets.named("a/one"), fault(Category.OVERLOADED), "yes");
        patient.run();

        SpanData call = recorded.root();
        assertThat(call.getEvents()).extracting(event -> event.getName()).containsExactly(Names.RETRY_SCHEDULED);
        assertThat(Recorded.attribute(call, Names.WAITED)).isEqualTo(2.0);
        assertThat(recorded.childrenOf(call))
                .extracting(span -> Recorded.attribute(span, Names.WAIT))
                .containsExactly(null, 2.0);
        patient.assertAllReturned();
    }

    @Test
    void callThatFailsIsAnErrorWithItsCategory() {
        recorded.telemetry.follow(holdfast.engine);

        holdfast.call(Targets.named("a/one"), fault(Category.INVALID_REQUEST));
        holdfast.engine.forceOpen(Targets.named("c/three").order().get(0));
        holdfast.call(Targets.named("c/three"), "never");
        holdfast.run();

        SpanData failed = recorded.span("call a/one");
        assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(Recorded.attribute(failed, Names.ERROR_TYPE)).isEqualTo("invalid_request");
        SpanData refused = recorded.span("call c/three");
        assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(Recorded.attribute(refused, Names.ATTEMPTS)).isZero();
        assertThat(recorded.childrenOf(refused)).isEmpty();
        holdfast.assertAllReturned();
    }

    @Test
    void cancelledCallEndsItsSpansWithoutAnError() {
        recorded.telemetry.follow(holdfast.engine);

        CompletableFuture<Object> running = holdfast.call(targets, new CompletableFuture<>());
        CompletableFuture<Object> waiting =
                holdfast.call(Targets.named("c/three"), fault(Category.OVERLOADED), "never");
        assertThat(recorded.open()).isEqualTo(3);
        running.cancel(true);
        waiting.cancel(true);
        holdfast.run();

        assertThat(recorded.span("call a/one").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(Recorded.attribute(recorded.span("call a/one"), Names.ERROR_TYPE))
                .isEqualTo("cancelled");
        assertThat(Recorded.attribute(recorded.span("attempt a/one"), Names.OUTCOME))
                .isEqualTo("cancelled");
        holdfast.assertAllReturned();
    }

    @Test
    void hedgeIsASpanBesideTheSlowOne() {
        VirtualHoldfast hedging =
                new VirtualHoldfast(config -> config.withHedge(HedgeConfig.after(Duration.ofSeconds(1))));
        recorded.telemetry.follow(hedging.engine);

        hedging.call(targets, new CompletableFuture<>(), "yes");
        hedging.run();

        assertThat(recorded.childrenOf(recorded.root())).hasSize(2);
        assertThat(Recorded.attribute(recorded.span("attempt a/one"), Names.OUTCOME))
                .isEqualTo("cancelled");
        assertThat(Recorded.attribute(recorded.span("attempt a/one"), Names.HEDGE))
                .isNull();
        assertThat(Recorded.attribute(recorded.span("attempt b/two"), Names.HEDGE))
                .isTrue();
        hedging.assertAllReturned();
    }

    @Test
    void circuitThatOpensIsToldOnTheAttemptAndAsAnEvent() {
        recorded.telemetry.follow(holdfast.engine);

        for (int i = 0; i < 5; i++) {
            holdfast.call(Targets.named("a/one"), CallOptions.none().withMaxAttempts(1), fault(Category.OVERLOADED));
        }
        holdfast.engine.reset(Targets.named("a/one").order().get(0));
        holdfast.run();

        assertThat(recorded.spans())
                .filteredOn(span -> span.getName().equals("attempt a/one"))
                .flatExtracting(span -> span.getEvents())
                .extracting(
                        event -> event.getName() + " " + event.getAttributes().get(Names.TO))
                .containsExactly("holdfast.circuit.changed open");
        assertThat(recorded.logs())
                .extracting(log -> log.getAttributes().get(Names.TARGET)
                        + " " + log.getAttributes().get(Names.FROM)
                        + " " + log.getAttributes().get(Names.TO))
                .containsExactly("a/one closed open", "a/one open closed");
        holdfast.assertAllReturned();
    }

    @Test
    void nestedCallIsAChildOfTheAttemptThatMadeIt() {
        recorded.telemetry.follow(holdfast.engine);

        holdfast.callWith(Targets.named("a/one"), CallOptions.none(), outer -> {
            return holdfast.engine.call(
                    Targets.named("n/ested"),
                    CallOptions.within(outer.context()),
                    inner -> CompletableFuture.completedFuture("yes"));
        });
        holdfast.run();

        SpanData attempt = recorded.span("attempt a/one");
        assertThat(recorded.span("call n/ested").getParentSpanId()).isEqualTo(attempt.getSpanId());
        assertThat(recorded.root().getName()).isEqualTo("call a/one");
        Conservation.assertAllReturned(holdfast.engine);
    }

    @Test
    void callsOfOneContextAreChildrenOfTheSpanInWhichItWasMade() {
        recorded.telemetry.follow(holdfast.engine);
        Span request = recorded.tracer().spanBuilder("request").startSpan();
        CallContext context;
        try (Scope scope = request.makeCurrent()) {
            context = holdfast.engine.context(CallOptions.none());
        }

        holdfast.call(Targets.named("a/one"), CallOptions.within(context), "yes");
        holdfast.run();
        request.end();

        assertThat(recorded.span("call a/one").getParentSpanId())
                .isEqualTo(request.getSpanContext().getSpanId());
        holdfast.assertAllReturned();
    }

    @Test
    void callsAfterTheStopAreNotFollowed() {
        Runnable stop = recorded.telemetry.follow(holdfast.engine);
        CompletableFuture<Object> answer = new CompletableFuture<>();
        holdfast.call(targets, answer);

        stop.run();
        holdfast.call(targets, "yes");
        answer.complete("yes");
        holdfast.run();

        assertThat(recorded.spans()).hasSize(2);
        holdfast.assertAllReturned();
    }

    /** In real time, because it is about real threads: what runs after the timer's wait has never seen the caller. */
    @Test
    void attemptIsCurrentWhileItsFunctionRunsAlsoAfterATimersWait() throws Exception {
        ResilienceConfig quick = ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(5)));
        List<Thread> threads = new CopyOnWriteArrayList<>();
        try (RealHoldfast real = new RealHoldfast(builder -> builder.config(quick))) {
            recorded.telemetry.follow(real.engine);
            Span request = recorded.tracer().spanBuilder("request").startSpan();
            CompletableFuture<String> call;
            try (Scope scope = request.makeCurrent()) {
                call = real.engine.call(Targets.named("a/one"), attempt -> {
                    threads.add(Thread.currentThread());
                    recorded.tracer()
                            .spanBuilder("http " + attempt.number())
                            .startSpan()
                            .end();
                    return attempt.number() == 1
                            ? CompletableFuture.failedFuture(fault(Category.OVERLOADED))
                            : CompletableFuture.completedFuture("yes");
                });
                assertThat(Recorded.current())
                        .isEqualTo(request.getSpanContext().getSpanId());
            }
            call.get(30, TimeUnit.SECONDS);
            request.end();
            real.awaitAllReturned();
        }

        assertThat(threads).doesNotHaveDuplicates();
        SpanData call = recorded.span("call a/one");
        assertThat(call.getParentSpanId()).isEqualTo(recorded.span("request").getSpanId());
        List<SpanData> attempts = recorded.childrenOf(call);
        assertThat(attempts).hasSize(2);
        for (int i = 0; i < 2; i++) {
            assertThat(recorded.span("http " + (i + 1)).getParentSpanId())
                    .isEqualTo(attempts.get(i).getSpanId());
        }
        assertThat(recorded.spans()).allMatch(span -> span.getTraceId().equals(call.getTraceId()));
    }

    @Test
    void blockingAttemptIsCurrentToo() {
        recorded.telemetry.follow(holdfast.engine);

        String seen = holdfast.engine.blocking().call(targets, attempt -> Recorded.current());

        assertThat(seen).isEqualTo(recorded.span("attempt a/one").getSpanId());
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
        holdfast.assertAllReturned();
    }
}
