// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.Jitter;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Cases of the systems whose behaviour this engine takes over; docs/reference-systems.md says which case is where. */
class ReferenceCasesTest {
    private static final Targets A = Targets.named("a/one");
    private static final CallOptions ONCE = CallOptions.none().withMaxAttempts(1);
    private static final Backoff PLAIN = Backoff.defaults().withJitter(Jitter.NONE);

    @Test
    void defaultsAreThoseOfTheReferenceSystemButTheOpenTime() {
        ResilienceConfig config = ResilienceConfig.defaults();

        assertThat(config.retry().maxAttempts()).isEqualTo(3);
        assertThat(config.retry().backoff())
                .isEqualTo(Backoff.exponential(Duration.ofSeconds(1), 2, Duration.ofSeconds(60)));
        assertThat(config.retry().backoff().jitter()).isEqualTo(Jitter.FULL);
        assertThat(config.circuit().failureThreshold()).isEqualTo(5);
        assertThat(config.circuit().recovery()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.circuit().halfOpenMaxCalls()).isEqualTo(3);
    }

    @Test
    void configurationHoldsWhatItWasGivenAndRejectsWhatCannotBe() {
        Backoff backoff = Backoff.exponential(Duration.ofSeconds(2), 2, Duration.ofSeconds(120))
                .withJitter(Jitter.NONE);
        ResilienceConfig config = ResilienceConfig.defaults().withMaxAttempts(5).withBackoff(backoff);

        assertThat(config.retry().maxAttempts()).isEqualTo(5);
        assertThat(config.retry().backoff()).isEqualTo(backoff);
        assertThatThrownBy(() -> config.withMaxAttempts(0)).hasMessageContaining("maxAttempts must be at least 1");
        assertThatThrownBy(() -> PLAIN.withInitial(Duration.ofSeconds(-1)))
                .hasMessageContaining("initial must not be negative");
    }

    @Test
    void waitsGrowAsStatedAndStopAtTheirCap() {
        List<Duration> waits = new ArrayList<>();
        Backoff capped = PLAIN.withCap(Duration.ofSeconds(5));
        for (int retry = 1; retry <= 5; retry++) {
            waits.add(Duration.ofNanos(capped.nanos(retry, new java.util.SplittableRandom(1))));
        }

        assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 5L, 5L);
    }

    @Test
    void newCircuitIsClosedAndEmptyAndTellsItsState() {
        VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withMaxAttempts(1));
        assertThat(holdfast.engine.info(A.order().get(0))).isNull();
        holdfast.call(A, fault(Category.SERVER_ERROR));
        holdfast.call(A, fault(Category.SERVER_ERROR));

        var info = holdfast.engine.info(A.order().get(0)).circuit();

        assertThat(info.state().word()).isEqualTo("closed");
        assertThat(info.failures()).isEqualTo(2);
        assertThat(info.liveProbes()).isZero();
        holdfast.assertAllReturned();
    }

    @Test
    void thresholdOpensRecoveryProbesAndOneProbeDecides() {
        for (boolean back : new boolean[] {true, false}) {
            VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withMaxAttempts(1)
                    .withCircuit(
                            CircuitConfig.defaults().withFailureThreshold(2).withRecovery(Duration.ofMillis(100))));
            holdfast.call(A, fault(Category.SERVER_ERROR));
            assertThat(holdfast.state(A).circuit().state()).isEqualTo(CircuitState.CLOSED);
            holdfast.call(A, fault(Category.SERVER_ERROR));
            CallException rejected = callError(holdfast.call(A, "unused"));
            holdfast.time.advance(Duration.ofMillis(200));

            holdfast.call(A, back ? "back" : fault(Category.SERVER_ERROR));

            assertThat(rejected).isInstanceOf(CallRejectedException.class).hasMessageContaining("circuit");
            assertThat(holdfast.started).hasSize(3);
            assertThat(holdfast.state(A).circuit().state()).isEqualTo(back ? CircuitState.CLOSED : CircuitState.OPEN);
            holdfast.assertAllReturned();
        }
    }

    @Test
    void targetsHaveCircuitsOfTheirOwnAndEqualTargetsShareThem() {
        VirtualHoldfast one = new VirtualHoldfast();
        VirtualHoldfast two = new VirtualHoldfast();
        one.engine.forceOpen(Target.of("a/one"));

        assertThat(callError(one.call(Targets.named("a/one"), "unused"))).isInstanceOf(CallRejectedException.class);
        assertThat(one.call(Targets.named("a/other"), "hello")).isCompletedWithValue("hello");
        assertThat(two.call(Targets.named("a/one"), "hello")).isCompletedWithValue("hello");
    }

    @Test
    void errorsAreClassifiedByTypeAndNeverByWordsInTheirText() {
        FailureClassifier standard = FailureClassifier.standard();

        assertThat(standard.classify(new TimeoutException("x")).category()).isEqualTo(Category.TIMEOUT);
        assertThat(standard.classify(new ConnectException("x")).category()).isEqualTo(Category.NETWORK);
        assertThat(standard.classify(new RuntimeException("429 timeout json network"))
                        .category())
                .isEqualTo(Category.UNKNOWN);
        assertThat(standard.classify(new RuntimeException(fault(Category.RATE_LIMIT)))
                        .category())
                .isEqualTo(Category.RATE_LIMIT);
        assertThat(fault(Category.AUTH).failure().scope()).isEqualTo(RetryScope.OTHER_TARGET);
    }

    @Test
    void rateLimitsAreRetriedWithTheStatedWaitsAndEventsTellIt() {
        VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withBackoff(PLAIN));

        CompletableFuture<Object> call =
                holdfast.call(A, fault(Category.RATE_LIMIT), fault(Category.RATE_LIMIT), "success");
        holdfast.run();

        assertThat(call).isCompletedWithValue("success");
        assertThat(holdfast.events(CallEvent.RetryScheduled.class))
                .extracting(CallEvent.RetryScheduled::delay)
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(holdfast.events(CallEvent.RetrySucceeded.class)).hasSize(1);
        holdfast.assertAllReturned();
    }

    @Test
    void lastErrorIsReportedWhenAttemptsAreUsedUpAndTheReasonSaysSo() {
        VirtualHoldfast holdfast = new VirtualHoldfast(c -> c.withMaxAttempts(2));
        Throwable last = fault(Category.RATE_LIMIT);

        CompletableFuture<Object> call = holdfast.call(A, fault(Category.RATE_LIMIT), last);
        holdfast.run();

        assertThat(callError(call)).hasCause(last);
        assertThat(holdfast.started).hasSize(2);
        assertThat(holdfast.events(CallEvent.RetriesExhausted.class))
                .extracting(CallEvent.RetriesExhausted::reason)
                .containsExactly(StopReason.ATTEMPTS_USED);
        holdfast.assertAllReturned();
    }

    @Test
    void hopelessErrorAfterARetryStopsTheCall() {
        VirtualHoldfast holdfast = new VirtualHoldfast();

        CompletableFuture<Object> call = holdfast.call(A, fault(Category.RATE_LIMIT), fault(Category.AUTH), "unused");
        holdfast.run();

        assertThat(callError(call).category()).isEqualTo(Category.AUTH);
        assertThat(holdfast.started).hasSize(2);
        holdfast.assertAllReturned();
    }

    @Test
    void badKeysExhaustedQuotaAndForbiddenAreNeverRetriedAndNeverOpenTheCircuit() {
        for (Category category : List.of(Category.AUTH, Category.QUOTA_EXHAUSTED, Category.PERMISSION)) {
            VirtualHoldfast holdfast = new VirtualHoldfast();
            Targets through =
                    Targets.of(Target.builder("a/one").passThrough(true).build());
            for (int i = 0; i < 20; i++) {
                holdfast.call(through, fault(category));
            }
            holdfast.run();

            assertThat(holdfast.started).hasSize(20);
            assertThat(holdfast.state(through).circuit().state()).isEqualTo(CircuitState.CLOSED);
            holdfast.assertAllReturned();
        }
    }

    @Test
    void callStopsWhenItsOwnAttemptsOpenTheCircuit() {
        VirtualHoldfast holdfast = new VirtualHoldfast(
                c -> c.withMaxAttempts(10).withCircuit(CircuitConfig.defaults().withFailureThreshold(2)));
        Object[] down = new Object[10];
        java.util.Arrays.fill(down, fault(Category.SERVER_ERROR));

        CompletableFuture<Object> call = holdfast.call(A, down);
        holdfast.time.advance(Duration.ofSeconds(30));

        assertThat(callError(call).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(holdfast.started).hasSize(2);
        assertThat(holdfast.events(CallEvent.RetriesExhausted.class).get(0).reason())
                .isEqualTo(StopReason.CIRCUIT_OPEN);
        holdfast.assertAllReturned();
    }

    @Test
    void halfFailuresOpenTheCircuitByTheirRate() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        int made = 0;
        while (holdfast.state(A).circuit().state() == CircuitState.CLOSED && made < 400) {
            holdfast.call(A, ONCE, made++ % 2 == 0 ? fault(Category.SERVER_ERROR) : "hello");
        }

        assertThat(made).isEqualTo(20);
        holdfast.assertAllReturned();
    }

    @Test
    void probeThatIsCancelledGivesItsPlaceBack() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, ONCE, fault(Category.SERVER_ERROR));
        }
        holdfast.time.advance(Duration.ofSeconds(60));

        for (int i = 0; i < 10; i++) {
            holdfast.call(A, new CompletableFuture<>()).cancel(true);
        }

        assertThat(holdfast.call(A, "back")).isCompletedWithValue("back");
        holdfast.assertAllReturned();
    }

    @Test
    void failedProbeEndsItsCall() {
        VirtualHoldfast holdfast = new VirtualHoldfast();
        for (int i = 0; i < 5; i++) {
            holdfast.call(A, ONCE, fault(Category.SERVER_ERROR));
        }
        holdfast.time.advance(Duration.ofSeconds(60));

        CompletableFuture<Object> call = holdfast.call(A, fault(Category.SERVER_ERROR), "unused");

        assertThat(callError(call).category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(holdfast.started).hasSize(6);
        holdfast.assertAllReturned();
    }

    @Test
    void listenerThatThrowsDisturbsNothing() {
        VirtualHoldfast holdfast = new VirtualHoldfast(
                1,
                c -> c,
                builder -> builder.listener(event -> {
                    throw new IllegalStateException("made up");
                }));

        CompletableFuture<Object> call = holdfast.call(A, fault(Category.RATE_LIMIT), "success");
        holdfast.run();

        assertThat(call).isCompletedWithValue("success");
        holdfast.assertAllReturned();
    }
}
