// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Category;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A machine that stands still: time goes on, and what should have happened meanwhile happens later. */
class LateTimerTest {
    private static final Targets A = Targets.named("a/one");
    private static final Target ONE = A.order().get(0);
    private static final int PLACES = 3;
    private static final Duration RECOVERY = Duration.ofMillis(50);
    private static final Duration TIMEOUT = Duration.ofMillis(40);
    private static final Duration LEASE = TIMEOUT.plusNanos(Holdfast.LEASE_MARGIN_NANOS);
    private static final CallOptions ONCE = CallOptions.none().withMaxAttempts(1);

    private final VirtualTime clock = new VirtualTime(1);

    /** Runs behind the clock until it is told. */
    private final VirtualTime timer = new VirtualTime(1);

    private final Holdfast engine = Holdfast.builder()
            .config(ResilienceConfig.defaults()
                    .withTimeouts(TimeoutConfig.defaults().withAttempt(TIMEOUT))
                    .withCircuit(CircuitConfig.defaults()
                            .withHalfOpen(PLACES, 1)
                            .withRecovery(RECOVERY)
                            .withMaxRecovery(RECOVERY)))
            .time(clock, timer)
            .executor(timer)
            .random(clock)
            .build();

    private final LiveProbes probes = new LiveProbes();
    private final List<CompletableFuture<String>> answers = new ArrayList<>();

    @BeforeEach
    void circuitIsHalfOpen() {
        for (int i = 0; engine.info(ONE) == null || engine.info(ONE).circuit().state() == CircuitState.CLOSED; i++) {
            callError(engine.call(A, ONCE, attempt -> CompletableFuture.failedFuture(new IllegalStateException())));
            assertThat(i).isLessThan(100);
        }
        clock.advance(RECOVERY);
    }

    @AfterEach
    void everythingIsBack() {
        timerCatchesUp();
        Conservation.assertAllReturned(engine);
    }

    private void timerCatchesUp() {
        timer.advanceTo(clock.nanos());
    }

    private CompletableFuture<String> probe() {
        return probe(() -> {});
    }

    /** @param before what happens between the start of the attempt and its being counted */
    private CompletableFuture<String> probe(Runnable before) {
        return engine.call(A, ONCE, attempt -> {
            before.run();
            return probes.counted((AttemptRun<?>) attempt, answer());
        });
    }

    private Supplier<CompletableFuture<String>> answer() {
        return () -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        };
    }

    private void assertNoPlaceIsFree() {
        assertThat(callError(probe())).isInstanceOf(CallRejectedException.class);
    }

    @Test
    void probeKeepsItsPlaceAfterItsTimeoutUntilItsLeaseEnds() {
        List<CompletableFuture<String>> first = List.of(probe(), probe(), probe());
        clock.advance(LEASE.minusNanos(1));
        assertNoPlaceIsFree();

        clock.advance(Duration.ofNanos(1));
        List<CompletableFuture<String>> next = List.of(probe(), probe(), probe());
        assertNoPlaceIsFree();

        assertThat(probes.most()).isEqualTo(PLACES);
        assertThat(engine.info(ONE).circuit().liveProbes()).isEqualTo(PLACES);
        assertThat(first).noneMatch(CompletableFuture::isDone);
        answers.subList(PLACES, 2 * PLACES).forEach(answer -> answer.complete("hello"));
        assertThat(next).allMatch(CompletableFuture::isDone);
    }

    /** Its place is another's then; only its own slot and verdict are left of it. */
    @Test
    void endOfAProbeWhoseLeaseHasEndedFreesNoPlaceOfAnother() {
        CompletableFuture<String> late = probe();
        clock.advance(LEASE);
        List<CompletableFuture<String>> next = List.of(probe(), probe(), probe());

        late.cancel(true);

        assertNoPlaceIsFree();
        assertThat(engine.info().inFlight()).isEqualTo(PLACES);
        next.forEach(call -> call.cancel(true));
    }

    @Test
    void timeoutThatIsSettledLateIsStillTheVerdictOfItsPhase() {
        CompletableFuture<String> late = probe();
        clock.advance(LEASE);

        timerCatchesUp();

        assertThat(error(late)).isInstanceOfSatisfying(CallException.class, e -> assertThat(e.category())
                .isEqualTo(Category.TIMEOUT));
        assertThat(engine.info(ONE).circuit().state()).isEqualTo(CircuitState.OPEN);
    }

    /** A thread that stands still before it has counted its probe is no fourth one: its lease is over. */
    @Test
    void probeThatIsCountedAfterItsLeaseCountsForNothing() {
        List<CompletableFuture<String>> calls = new ArrayList<>();

        calls.add(probe(() -> {
            clock.advance(LEASE);
            calls.addAll(List.of(probe(), probe(), probe()));
        }));

        assertThat(calls).hasSize(PLACES + 1).noneMatch(CompletableFuture::isDone);
        assertThat(probes.most()).isEqualTo(PLACES);
        calls.forEach(call -> call.cancel(true));
    }
}
