// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Spread;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Circuits that opened together must not all probe together. */
class CircuitJitterTest {
    private static final long SEED = 20_261_125;
    private static final long SECOND = 1_000_000_000L;
    private static final Failure FAILURE = Failure.of(Category.SERVER_ERROR, "test", "made up");

    /** Half of 60 s × 2^(trip - 1) up to 300 s, and uniform up to the other half on top; trip 4 and later are at the cap. */
    @ParameterizedTest
    @CsvSource({"2,60,120", "3,120,240", "4,150,300", "12,150,300"})
    void openTimeOfRepeatedTripsIsUniformOverItsUpperHalf(int trips, long lowSeconds, long highSeconds) {
        SplittableRandom random = new SplittableRandom(SEED);

        Spread waits = Spread.draw(SEED, () -> openNanos(trips, random));

        waits.assertUniform(lowSeconds * (double) SECOND, highSeconds * (double) SECOND);
    }

    @Test
    void firstTripLastsExactlyTheRecovery() {
        SplittableRandom random = new SplittableRandom(SEED);

        Spread waits = Spread.draw(SEED, 100, () -> openNanos(1, random));

        assertThat(waits.min()).isEqualTo(60 * SECOND);
        assertThat(waits.max()).isEqualTo(60 * SECOND);
    }

    private static long openNanos(int trips, SplittableRandom random) {
        CircuitConfig config = CircuitConfig.defaults().withFailureThreshold(1).withMinimumAttempts(1);
        Circuit circuit = new Circuit(config, random, (from, info, nowNanos) -> {});
        long now = 0;
        for (int trip = 1; trip < trips; trip++) {
            circuit.failure(circuit.tryAcquire(now, SECOND), FAILURE, 1, now);
            now += circuit.info(now).retryIn().toNanos();
        }
        circuit.failure(circuit.tryAcquire(now, SECOND), FAILURE, 1, now);
        return circuit.info(now).retryIn().toNanos();
    }
}
