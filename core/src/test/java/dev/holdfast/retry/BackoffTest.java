// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Spread;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

        Spread waits = Spread.draw(SEED, () -> backoff.nanos(retry, random));

        waits.assertUniform(lowSeconds * (double) SECOND, highSeconds * (double) SECOND);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,4", "7,60", "30,60"})
    void withoutJitterAllWaitsAreTheSame(int retry, long seconds) {
        SplittableRandom random = random();

        Spread waits = Spread.draw(SEED, () -> PLAIN.nanos(retry, random));

        assertThat(waits.min()).isEqualTo(seconds * SECOND);
        assertThat(waits.distinct()).isOne();
    }

    @Test
    void firstDecorrelatedWaitIsUniformUpToThreeTimesTheInitial() {
        SplittableRandom random = random();
        Backoff backoff = Backoff.decorrelated(Duration.ofSeconds(1), Duration.ofSeconds(20));

        Spread.draw(SEED, () -> backoff.nanos(1, random)).assertUniform(SECOND, 3.0 * SECOND);
    }

    /** The second is uniform up to three times the first, whose mean is 2 s: (1 + 3 × 2) / 2 s. */
    @Test
    void secondDecorrelatedWaitGrowsFromTheFirst() {
        SplittableRandom random = random();
        Backoff backoff = Backoff.decorrelated(Duration.ofSeconds(1), Duration.ofSeconds(20));

        Spread waits = Spread.draw(SEED, () -> backoff.nanos(2, random));

        assertThat(waits.min()).as("seed %d", SEED).isBetween(SECOND, SECOND * 101 / 100);
        assertThat(waits.max()).as("seed %d", SEED).isBetween(SECOND * 87 / 10, 9 * SECOND);
        waits.assertMean(3.5 * SECOND, 0.05 * SECOND);
    }

    /** From 7 s on the next wait may be anything from the initial to the cap, so waits neither gather there nor stay low. */
    @ParameterizedTest
    @ValueSource(ints = {12, 30})
    void decorrelatedWaitsStaySpreadAtTheCap(int retry) {
        SplittableRandom random = random();
        Backoff backoff = Backoff.decorrelated(Duration.ofSeconds(1), Duration.ofSeconds(20));

        Spread waits = Spread.draw(SEED, () -> backoff.nanos(retry, random));

        assertThat(waits.min()).as("seed %d", SEED).isBetween(SECOND, SECOND * 101 / 100);
        assertThat(waits.max()).as("seed %d", SEED).isBetween(SECOND * 199 / 10, 20 * SECOND);
        waits.assertMean(8.5 * SECOND, 1.5 * SECOND);
        assertThat(waits.distinct()).as("seed %d", SEED).isGreaterThan(waits.nanos().length * 199L / 200);
    }

    @Test
    void bothEndsOfARangeCanBeDrawnHoweverSmallOrLargeItIs() {
        SplittableRandom random = random();

        assertThat(LongStream.range(0, 100).map(i -> Jitter.uniform(5, 6, random)))
                .contains(5L, 6L)
                .allMatch(nanos -> nanos == 5 || nanos == 6);
        assertThat(LongStream.range(0, 100).map(i -> Jitter.uniform(0, Long.MAX_VALUE, random)))
                .allMatch(nanos -> nanos >= 0)
                .doesNotHaveDuplicates();
        assertThat(Jitter.uniform(7, 6, random)).as("an empty range").isEqualTo(7);
    }

    private static SplittableRandom random() {
        return new SplittableRandom(SEED);
    }
}
