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

    /** 1/32 of the time since the first trip, up to 60 s: uniform over its upper half. */
    @ParameterizedTest
    @CsvSource({"320,5,10", "640,10,20", "1280,20,40", "40000,30,60"})
    void openTimeOfRepeatedTripsIsUniformOverTheUpperHalfOfAPartOfTheTimeAway(
            long awaySeconds, long lowSeconds, long highSeconds) {
        SplittableRandom random = new SplittableRandom(SEED);

        Spread waits = Spread.draw(SEED, () -> openNanos(random, 0, 2, awaySeconds));

        waits.assertUniform(lowSeconds * (double) SECOND, highSeconds * (double) SECOND);
    }

    @Test
    void firstTripAndThoseSoonAfterLastExactlyTheRecovery() {
        SplittableRandom random = new SplittableRandom(SEED);

        Spread waits = Spread.draw(SEED, 100, () -> openNanos(random, 0));
        Spread soonAfter = Spread.draw(SEED, 100, () -> openNanos(random, 0, 2, 64));

        assertThat(waits.min()).isEqualTo(2 * SECOND);
        assertThat(waits.max()).isEqualTo(2 * SECOND);
        assertThat(soonAfter.min()).isEqualTo(2 * SECOND);
        assertThat(soonAfter.max()).isEqualTo(2 * SECOND);
    }

    /** How long the circuit stays open after the last of the failures at these moments, each of which opens it. */
    private static long openNanos(SplittableRandom random, long... failAtSeconds) {
        CircuitConfig config = CircuitConfig.defaults().withFailureThreshold(1).withMinimumAttempts(1);
        Circuit circuit = new Circuit(config, random, () -> 0, (from, info, nowNanos) -> {});
        long now = 0;
        for (long atSeconds : failAtSeconds) {
            now = atSeconds * SECOND;
            circuit.failure(circuit.tryAcquire(now, SECOND), FAILURE, 1, now);
        }
        return circuit.info(now).retryIn().toNanos();
    }
}
