// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the model of the circuit leaves out: slow attempts, calm, what it tells. */
class CircuitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Failure FAILURE = Failure.of(Category.SERVER_ERROR, "test", "made up");

    private final List<String> told = new ArrayList<>();

    private Circuit circuit(CircuitConfig config) {
        return new Circuit(
                config,
                new SplittableRandom(1),
                () -> 0,
                (from, info, nowNanos) -> told.add(from + " to " + info.state() + " " + info.trips()));
    }

    @Test
    void slowAttemptsOpenByTheirRateWhetherTheySucceedOrFail() {
        CircuitConfig slow = CircuitConfig.defaults().withSlowCalls(Duration.ofSeconds(10), 0.5);
        for (boolean fails : new boolean[] {false, true}) {
            Circuit circuit = circuit(slow.withFailureRate(1));
            for (int i = 0; i < 10; i++) {
                circuit.success(circuit.tryAcquire(0, SECOND), 10 * SECOND, 0); // not longer than: not slow
            }
            for (int i = 0; i < 9; i++) {
                end(circuit, fails && i % 2 == 0, 10 * SECOND + 1);
            }
            assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);

            end(circuit, fails, 10 * SECOND + 1);

            assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        }
    }

    @Test
    void withoutASlowLimitNothingIsSlow() {
        Circuit circuit = circuit(CircuitConfig.defaults());
        for (int i = 0; i < 100; i++) {
            end(circuit, false, Nanos.NEVER);
        }

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
    }

    private static void end(Circuit circuit, boolean fails, long elapsedNanos) {
        Permit permit = circuit.tryAcquire(0, SECOND);
        if (fails) {
            circuit.failure(permit, FAILURE, elapsedNanos, 0);
        } else {
            circuit.success(permit, elapsedNanos, 0);
        }
    }

    @Test
    void tripAfterACalmTimeCountsAsTheFirst() {
        for (boolean calm : new boolean[] {false, true}) {
            Circuit circuit = circuit(CircuitConfig.defaults());
            long now = open(circuit, 0);
            circuit.success(circuit.tryAcquire(now, SECOND), 1, now);
            now += (calm ? 600 : 599) * SECOND;

            long back = open(circuit, now);

            assertThat(circuit.info(now).trips()).isEqualTo(calm ? 1 : 2);
            if (calm) {
                assertThat(back).isEqualTo(now + 2 * SECOND);
            }
        }
    }

    /** Five failures in a row; returns when it half-opens. */
    private static long open(Circuit circuit, long now) {
        for (int i = 0; i < 5; i++) {
            circuit.failure(circuit.tryAcquire(now, SECOND), FAILURE, 1, now);
        }
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        return circuit.returnAtNanos(now);
    }

    @Test
    void itTellsEachChangeOnceAndWhatItLookedLike() {
        Circuit circuit = circuit(CircuitConfig.defaults());
        long now = open(circuit, 0);
        circuit.failure(circuit.tryAcquire(now, SECOND), FAILURE, 1, now);
        now = circuit.returnAtNanos(now);
        circuit.success(circuit.tryAcquire(now, SECOND), 1, now);
        circuit.forceOpen(now);
        circuit.forceClosed(now);
        circuit.reset(now);

        assertThat(told)
                .containsExactly(
                        "closed to open 1",
                        "open to half_open 1",
                        "half_open to open 2",
                        "open to half_open 2",
                        "half_open to closed 2",
                        "closed to open 2",
                        "open to closed 0",
                        "closed to closed 0");
    }

    @Test
    void infoTellsWhatIsKnownAtThatMoment() {
        Circuit circuit = circuit(CircuitConfig.defaults());
        circuit.success(circuit.tryAcquire(0, SECOND), 1, 0);
        circuit.failure(circuit.tryAcquire(0, SECOND), FAILURE, 1, 0);
        assertThat(circuit.info(0))
                .isEqualTo(new CircuitInfo(CircuitState.CLOSED, false, 0, 2, 1, 0, Duration.ZERO, 0));

        circuit.reset(0);
        long now = open(circuit, 0);
        assertThat(circuit.info(SECOND))
                .isEqualTo(new CircuitInfo(CircuitState.OPEN, false, 2, 0, 0, 1, Duration.ofSeconds(1), 0));

        for (int i = 0; i < 3; i++) {
            circuit.tryAcquire(now + i, 7 * SECOND);
        }
        assertThat(circuit.tryAcquire(now, SECOND)).isNull();
        assertThat(circuit.returnAtNanos(now)).isEqualTo(now + 7 * SECOND);
        assertThat(circuit.info(now))
                .isEqualTo(new CircuitInfo(CircuitState.HALF_OPEN, false, 3, 0, 0, 1, Duration.ofSeconds(7), 3));

        circuit.forceOpen(now);
        assertThat(circuit.info(now).forced()).isTrue();
        assertThat(circuit.returnAtNanos(now)).isEqualTo(Nanos.NEVER);
        circuit.forceClosed(now);
        assertThat(circuit.info(now).forced()).isTrue();
        assertThat(circuit.returnAtNanos(now)).isEqualTo(now);
    }

    @Test
    void onlySomeFailuresOfScopeSameTargetCount() {
        Circuit circuit = circuit(CircuitConfig.defaults());

        assertThat(circuit.counts(FAILURE)).isTrue();
        assertThat(circuit.counts(FAILURE.withScope(RetryScope.OTHER_TARGET))).isFalse();
        assertThat(circuit.counts(Failure.of(Category.RATE_LIMIT, "test", "made up")))
                .isFalse();
    }

    @Test
    void hintLengthensTheBreakOfAProbeToo() {
        Circuit circuit = circuit(CircuitConfig.defaults());
        long now = open(circuit, 0);

        circuit.failure(circuit.tryAcquire(now, SECOND), FAILURE.withHint(Duration.ofHours(1)), 1, now);

        assertThat(circuit.returnAtNanos(now)).isEqualTo(now + 3600 * SECOND);
    }

    @Test
    void disabledCircuitCountsNothingAndObeysTheHand() {
        Circuit circuit = circuit(CircuitConfig.disabled());
        for (int i = 0; i < 100; i++) {
            circuit.failure(circuit.tryAcquire(0, SECOND), FAILURE, 1, 0);
        }
        assertThat(circuit.info(0).failures()).isZero();
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);

        circuit.forceOpen(0);

        assertThat(circuit.tryAcquire(0, SECOND)).isNull();
    }

    @Test
    void eachChangeIsANewGenerationForcedOnesToo() {
        Circuit circuit = circuit(CircuitConfig.defaults()
                .withFailureThreshold(1)
                .withMinimumAttempts(1)
                .withRecovery(Duration.ofNanos(10)));
        List<Long> generations = new ArrayList<>();

        generations.add(circuit.info(0).generation());
        circuit.failure(circuit.tryAcquire(0, 100), Failure.of(Category.SERVER_ERROR, "test", "made up"), 1, 0);
        generations.add(circuit.info(0).generation());
        Permit probe = circuit.tryAcquire(10, 100);
        generations.add(circuit.info(10).generation());
        circuit.success(probe, 1, 11);
        generations.add(circuit.info(11).generation());
        circuit.forceOpen(12);
        generations.add(circuit.info(12).generation());
        circuit.forceClosed(13);
        generations.add(circuit.info(13).generation());
        circuit.reset(14);
        generations.add(circuit.info(14).generation());

        assertThat(generations).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(probe.isProbe()).isTrue();
        assertThat(circuit.tryAcquire(15, 100).isProbe()).isFalse();
    }

    @Test
    void aFewFailuresInARowOpenOnlyWhileLittleIsKnown() {
        Circuit young = circuit(CircuitConfig.defaults());
        Circuit old = circuit(CircuitConfig.defaults());
        for (int i = 0; i < 15; i++) {
            end(old, false, 1);
            if (i > 0) {
                end(young, false, 1);
            }
        }
        for (int i = 0; i < 5; i++) {
            assertThat(young.state()).isEqualTo(CircuitState.CLOSED);
            end(young, true, 1);
            end(old, true, 1);
        }

        assertThat(young.state()).as("5 of 19").isEqualTo(CircuitState.OPEN);
        assertThat(old.state()).as("5 of 20").isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void twiceAsManyFailuresInARowOpenWhateverCameBefore() {
        Circuit circuit = circuit(CircuitConfig.defaults());
        for (int i = 0; i < 90; i++) {
            end(circuit, false, 1);
        }
        for (int i = 0; i < 9; i++) {
            end(circuit, true, 1);
        }
        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);

        end(circuit, true, 1);

        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void partOfTheWindowThatFailsOpensWhenItReachesTheRate() {
        for (double rate : new double[] {0.25, 0.26}) {
            Circuit circuit = circuit(CircuitConfig.defaults().withFailureRate(rate));
            for (int i = 1; i <= 19; i++) {
                end(circuit, i % 4 == 0, 1);
                assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
            }

            end(circuit, true, 1);

            assertThat(circuit.state())
                    .as("5 of 20, of which %s is too much", rate)
                    .isEqualTo(rate == 0.25 ? CircuitState.OPEN : CircuitState.CLOSED);
        }
    }

    @Test
    void failedProbeBeginsANewGeneration() {
        Circuit circuit = circuit(CircuitConfig.defaults());
        long now = open(circuit, 0);
        Permit probe = circuit.tryAcquire(now, SECOND);
        assertThat(circuit.info(now).generation()).isEqualTo(2);

        circuit.failure(probe, FAILURE, 1, now);

        assertThat(circuit.info(now).generation()).isEqualTo(3);
        assertThat(circuit.info(now).state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void attemptAsLongAsTheLimitIsNotYetSlow() {
        CircuitConfig slow = CircuitConfig.defaults()
                .withMinimumAttempts(1)
                .withFailureThreshold(1)
                .withSlowCalls(Duration.ofNanos(50), 1.0);
        Circuit asLong = circuit(slow);
        Circuit longer = circuit(slow);

        asLong.success(asLong.tryAcquire(0, 100), 50, 50);
        longer.success(longer.tryAcquire(0, 100), 51, 51);

        assertThat(asLong.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(longer.state()).isEqualTo(CircuitState.OPEN);
        assertThat(asLong.timesAttempts()).isTrue();
        assertThat(circuit(CircuitConfig.defaults()).timesAttempts()).isFalse();
    }

    @Test
    void statesHaveTheWordsOfTheOutsideContract() {
        assertThat(CircuitState.CLOSED.word()).isEqualTo("closed");
        assertThat(CircuitState.OPEN.word()).isEqualTo("open");
        assertThat(CircuitState.HALF_OPEN.word()).isEqualTo("half_open");
    }
}
