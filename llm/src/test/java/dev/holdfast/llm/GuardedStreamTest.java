// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.AttemptReport;
import dev.holdfast.AttemptTimeoutException;
import dev.holdfast.CallFailedException;
import dev.holdfast.CallRejectedException;
import dev.holdfast.DeadlineExceededException;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Category;
import dev.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader of a guarded stream can rely on: demand, cancelling, time limits, failover. Over real sockets. */
@Timeout(120)
class GuardedStreamTest {
    private static final RequestTimeouts SHORT_IDLE = RequestTimeouts.CONFIGURED.withIdle(Duration.ofMillis(600));

    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded();
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    private static LlmRequest with(RequestTimeouts timeouts) {
        return LlmRequest.of("Hello").withTimeouts(timeouts);
    }

    // Demand.

    @Test
    void silenceThatTheReaderCausesIsNoTimeout() throws Exception {
        Reading reading = Reading.first(1, guarded.llm("sim/rate=50").stream(with(SHORT_IDLE)));
        reading.awaitContent();

        reading.request(1);
        Guarded.await("the second event has come", () -> reading.events.size() == 2);
        assertThat(reading.endsWithin(1500)).isFalse();
        reading.request(Long.MAX_VALUE);

        assertThat(reading.response().text()).isEqualTo(Simulator.textOf("sim/rate=50"));
    }

    @Test
    void silenceThatTheServerCausesIsATimeoutHoweverOftenTheReaderPaused() throws Exception {
        Reading reading = Reading.first(1, guarded.llm("sim/stall").stream(with(SHORT_IDLE)));
        reading.awaitContent();
        assertThat(reading.endsWithin(1500)).isFalse();

        reading.request(Long.MAX_VALUE);

        assertThat(reading.error().failure().category()).isEqualTo(Category.TIMEOUT);
    }

    @Test
    void aReaderThatAsksForOneAfterTheOtherGetsAll() throws Exception {
        Reading reading = Reading.first(1, guarded.llm("sim/tokens=500").stream("Hello"));

        for (int asked = 1; !reading.over.isDone(); asked++) {
            int count = asked;
            Guarded.await("what was asked for has come", () -> reading.events.size() == count || reading.over.isDone());
            assertThat(reading.events.size()).isLessThanOrEqualTo(count);
            if (!reading.over.isDone()) {
                reading.request(1);
            }
        }

        assertThat(reading.response().text()).isEqualTo(Simulator.textOf("sim/tokens=500"));
    }

    @Test
    void aReaderThatStandsStillHoldsUpTheServer() throws Exception {
        int tokens = 100_000;
        Reading reading = Reading.first(1, guarded.llm("sim/tokens=" + tokens).stream("Hello"));
        reading.awaitContent();

        long written = -1;
        while (written != guarded.simulator.stats().tokensBilled()) {
            written = guarded.simulator.stats().tokensBilled();
            assertThat(reading.endsWithin(300)).isFalse();
        }
        reading.cancel();

        assertThat(written).isLessThan(tokens / 2);
        Guarded.await(
                "the server has seen the reader leave",
                () -> guarded.simulator.stats().cancelled() == 1);
        assertThat(reading.events).hasSize(1);
    }

    // Leaving.

    @ParameterizedTest
    @ValueSource(strings = {"hang", "slow-headers=60000", "ttft=60000", "stall", "rate=1"})
    void leavingClosesTheUpstreamRequestAtOnce(String model) throws Exception {
        for (String provider : List.of("sim/", "sim-anthropic/")) {
            guarded.simulator.reset();
            Reading reading = Reading.all(guarded.llm(provider + model, "sim/ok").stream("Hello"));
            Guarded.await("the server has the request", () -> guarded.requests() == 1);
            if (model.equals("stall") || model.startsWith("rate")) {
                reading.awaitContent();
            }
            int before = reading.events.size();

            reading.cancel();

            Guarded.await(
                    "the server has seen the reader leave",
                    () -> guarded.simulator.stats().cancelled() == 1);
            guarded.assertNothingIsLeft();
            assertThat(reading.events.size()).isLessThanOrEqualTo(before + 1);
            assertThat(reading.over).isNotDone();
            assertThat(guarded.requests()).isEqualTo(1);
        }
    }

    @Test
    void leavingDuringAWaitEndsTheCall() {
        Reading reading = Reading.all(guarded.llm("sim/429,retry-after=30").stream("Hello"));
        Guarded.await(
                "the call waits",
                () -> guarded.engine.info().timers() == 1
                        && guarded.simulator.stats().byStatus().containsKey(429)
                        && guarded.simulator.stats().open() == 0
                        && guarded.transport.inFlight() == 0);

        reading.cancel();

        guarded.assertNothingIsLeft();
        assertThat(guarded.requests()).isEqualTo(1);
        assertThat(reading.over).isNotDone();
    }

    @Test
    void aSubscriberThatLeavesAtOnceCostsNoRequest() {
        guarded.llm("sim/ok").stream("Hello").subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.cancel();
            }

            @Override
            public void onNext(StreamEvent event) {
                throw new AssertionError("left before");
            }

            @Override
            public void onError(Throwable error) {
                throw new AssertionError("left before", error);
            }

            @Override
            public void onComplete() {
                throw new AssertionError("left before");
            }
        });

        assertThat(guarded.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "slow-headers=60000", "ttft=60000", "stall"})
    void cancellingAnAnswerClosesTheUpstreamRequestAtOnce(String model) {
        CompletableFuture<LlmResponse> answer =
                guarded.llm("sim/" + model, "sim/ok").complete("Hello");
        Guarded.await("the server has the request", () -> guarded.requests() == 1);

        answer.cancel(true);

        Guarded.await(
                "the server has seen the caller leave",
                () -> guarded.simulator.stats().cancelled() == 1);
        guarded.assertNothingIsLeft();
        assertThatThrownBy(answer::join).isInstanceOf(CancellationException.class);
        assertThat(guarded.requests()).isEqualTo(1);
    }

    @Test
    void aSubscriberThatThrowsLeavesAndNothingStaysBehind() throws Exception {
        CompletableFuture<Void> thrown = new CompletableFuture<>();
        guarded.llm("sim/tokens=1000,rate=100").stream("Hello").subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(StreamEvent event) {
                thrown.complete(null);
                throw new IllegalStateException("a subscriber at fault");
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}
        });
        thrown.get(15, TimeUnit.SECONDS);

        Guarded.await(
                "the server has seen the reader leave",
                () -> guarded.simulator.stats().cancelled() == 1);
        guarded.assertNothingIsLeft();
    }

    // Cold.

    @Test
    void twoSubscriptionsAreTwoCalls() throws Exception {
        Flow.Publisher<StreamEvent> publisher = guarded.llm("sim/ok").stream("Hello");
        assertThat(guarded.requests()).isZero();

        LlmResponse first = Reading.all(publisher).response();
        LlmResponse second = Reading.all(publisher).response();

        assertThat(guarded.simulator.stats().attemptsPerCall())
                .containsOnlyKeys(first.report().callId(), second.report().callId())
                .containsValues(1L);
    }

    // Time.

    @Test
    void theDeadlineEndsAStreamWithTheTextSoFar() throws Exception {
        Reading reading = Reading.all(guarded.llm("sim/stall", "sim/ok").stream(
                with(RequestTimeouts.CONFIGURED.withDeadline(Duration.ofMillis(1500)))));

        StreamEvent.Error error = reading.error();

        assertThat(error.failure().category()).isEqualTo(Category.TIMEOUT);
        assertThat(error.textSoFar()).isNotEmpty().isEqualTo(reading.text());
        assertThat(phase(error)).isEqualTo(AttemptTimeoutException.Phase.DEADLINE);
        assertThat(error.report().attempts()).hasSize(1);
    }

    @Test
    void theDeadlineBeforeAnyContentIsTypedAsSuch() throws Exception {
        StreamEvent.Error error = Reading.all(guarded.llm("sim/hang", "sim/ok").stream(
                        with(RequestTimeouts.CONFIGURED.withDeadline(Duration.ofMillis(300)))))
                .error();

        assertThat(error.failure().cause()).isInstanceOf(DeadlineExceededException.class);
        assertThat(error.failure().category()).isEqualTo(Category.TIMEOUT);
        assertThat(error.textSoFar()).isEmpty();
    }

    @Test
    void eachTimeoutSaysWhichItWas() throws Exception {
        StreamEvent.Error first = Reading.all(guarded.llm("sim/ttft=60000").stream(
                        with(RequestTimeouts.CONFIGURED.withFirstContent(Duration.ofMillis(150)))))
                .error();
        StreamEvent.Error idle =
                Reading.all(guarded.llm("sim/stall").stream(with(SHORT_IDLE))).error();
        StreamEvent.Error total = Reading.all(guarded.llm("sim/stall").stream(
                        with(RequestTimeouts.CONFIGURED.withAttempt(Duration.ofMillis(1500)))))
                .error();

        assertThat(first.report().attempts()).hasSize(2);
        assertThat(first.failure().message()).isEqualTo("no content within 150 ms");
        assertThat(phase(idle)).isEqualTo(AttemptTimeoutException.Phase.IDLE);
        assertThat(idle.textSoFar()).isNotEmpty();
        assertThat(phase(total)).isEqualTo(AttemptTimeoutException.Phase.ATTEMPT);
        assertThat(total.textSoFar()).isNotEmpty();
    }

    private static AttemptTimeoutException.Phase phase(StreamEvent.Error error) {
        return ((AttemptTimeoutException) error.failure().cause()).phase();
    }

    // Where it goes.

    @Test
    void beforeTheFirstContentAStreamFailsOverFreely() throws Exception {
        Reading reading = Reading.all(guarded
                .builder()
                .targets("sim/500", "sim-anthropic/meta-then-error", "sim/ok")
                .holdfast(threeAttempts())
                .build()
                .stream("Hello"));

        LlmResponse response = reading.response();

        assertThat(response.text()).isEqualTo(Simulator.textOf("sim/ok")).isEqualTo(reading.text());
        assertThat(response.report().attempts())
                .extracting(attempt -> attempt.target().name())
                .containsExactly("sim/500", "sim-anthropic/meta-then-error", "sim/ok");
    }

    private Holdfast threeAttempts() {
        return Holdfast.builder().build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "reset,after=3", "error-mid", "no-terminal", "malformed,after=3", "stall"})
    void afterTheFirstContentNothingIsRepeated(String model) throws Exception {
        for (String provider : List.of("sim/", "sim-anthropic/")) {
            guarded.simulator.reset();

            StreamEvent.Error error = Reading.all(guarded.llm(provider + model, "sim/ok").stream(with(SHORT_IDLE)))
                    .error();

            assertThat(error.textSoFar()).isNotEmpty();
            assertThat(error.report().attempts()).hasSize(1);
            assertThat(error.report().attempts().get(0).failure()).isNotNull();
            assertThat(guarded.requests()).isEqualTo(1);
        }
    }

    @Test
    void whenNoTargetCanServeOneErrorTellsOfAllAttempts() throws Exception {
        StreamEvent.Error error = Reading.all(guarded.llm("sim/500", "sim-anthropic/529").stream("Hello"))
                .error();

        assertThat(error.failure().cause()).isInstanceOf(CallFailedException.class);
        assertThat(error.failure().category()).isEqualTo(Category.OVERLOADED);
        assertThat(error.report().attempts())
                .extracting(attempt ->
                        attempt.target().name() + " " + attempt.failure().category())
                .containsExactly("sim/500 server_error", "sim-anthropic/529 overloaded");
        assertThat(error.report().attempts()).extracting(AttemptReport::number).containsExactly(1, 2);
    }

    @Test
    void anOpenCircuitRejectsAStreamByItsEvent() throws Exception {
        Llm llm = guarded.builder().holdfast(threeAttempts()).targets("sim/ok").build();
        llm.engine().forceOpen(llm.target());

        StreamEvent.Error error = Reading.all(llm.stream("Hello")).error();

        assertThat(error.failure().cause()).isInstanceOf(CallRejectedException.class);
        assertThat(error.report().attempts()).isEmpty();
        assertThat(guarded.requests()).isZero();
    }

    @Test
    void aClosedEngineIsToldByTheStreamsEvent() throws Exception {
        Llm llm = guarded.llm("sim/ok");
        guarded.engine.close();

        StreamEvent.Error error = Reading.all(llm.stream("Hello")).error();

        assertThat(error.failure().message()).contains("closed");
        assertThat(llm.complete("Hello")).isCompletedExceptionally();
    }
}
