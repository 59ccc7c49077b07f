// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final long SEED = 20_261_122;
    private static final long SECOND = 1_000_000_000L;
    private static final Backoff PLAIN = Backoff.defaults().withJitter(Jitter.NONE);

    @Test
    void waitsDoubleUpToTheCapForAnyNumber() {
        assertThat(LongStream.of(1, 2, 3, 4, 5, 6, 7, 8).map(n -> PLAIN.nanos((int) n, random()) / SECOND))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        assertThat(PLAIN.nanos(Integer.MAX_VALUE, random())).isEqualTo(60 * SECOND);
        assertThat(PLAIN.withInitial(Duration.ZERO).nanos(2000, random())).isZero();
        assertThatThrownBy(() -> PLAIN.nanos(0, random())).isInstanceOf(IllegalArgumentException.class);
    }

    /** Retry 7 and later are at the cap of 60 s; waits must stay spread there too. */
    @ParameterizedTest
    @CsvSource({"FULL,1,0,1", "FULL,3,0,4", "FULL,7,0,60", "FULL,30,0,60", "EQUAL,3,2,4", "EQUAL,9,30,60"})
    void jitterIsUniformOverItsRange(Jitter jitter, int retry, long lowSeconds, long highSeconds) {
        SplittableRandom random = random();
        Backoff backoff = Backoff.defaults().withJitter(jitter);
        long[] waits = LongStream.range(0, 20_000)
                .map(i -> backoff.nanos(retry, random))
                .toArray();

        double span = (highSeconds - lowSeconds) * (double) SECOND;
        double low = lowSeconds * (double) SECOND;
        assertThat(LongStream.of(waits).min().orElseThrow()).as("seed %d", SEED).isBetween((long) low, (long)
                (low + span / 500));
        assertThat(LongStream.of(waits).max().orElseThrow())
                .as("seed %d", SEED)
                .isBetween((long) (low + span * 0.998), (long) (low + span));
        assertThat(LongStream.of(waits).average().orElseThrow())
                .as("seed %d", SEED)
                .isBetween(low + span * 0.48, low + span * 0.52);
        assertThat(LongStream.of(waits).distinct().count()).as("seed %d", SEED).isGreaterThan(19_900);
    }

    @Test
    void decorrelatedWaitsStayBetweenInitialAndCap() {
        SplittableRandom random = random();
        Backoff backoff = Backoff.decorrelated(Duration.ofSeconds(1), Duration.ofSeconds(20));

        long[] waits = LongStream.range(0, 20_000)
                .map(i -> backoff.nanos(1 + (int) (i % 12), random))
                .toArray();

        assertThat(LongStream.of(waits).min().orElseThrow()).as("seed %d", SEED).isBetween(SECOND, SECOND * 11 / 10);
        assertThat(LongStream.of(waits).max().orElseThrow()).as("seed %d", SEED).isBetween(19 * SECOND, 20 * SECOND);
        assertThat(LongStream.of(waits).distinct().count()).as("seed %d", SEED).isGreaterThan(19_000);
    }

    private static SplittableRandom random() {
        return new SplittableRandom(SEED);
    }
}
