// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.RandomRuns;
import dev.holdfast.time.Nanos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LatencyEstimateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long SEED = 20_261_125;

    private final LatencyEstimate estimate = new LatencyEstimate();
    private long now;

    @Test
    void costRisesAtOnceAndFallsSlowly() {
        record(2 * SECOND);
        record(10 * SECOND);

        assertThat(estimate.peakNanos()).isEqualTo(10.0 * SECOND);

        now += LatencyEstimate.DECAY_NANOS - SECOND;
        record(2 * SECOND);

        double w = Math.exp(-1);
        assertThat(estimate.peakNanos()).isCloseTo((10 * w + 2 * (1 - w)) * SECOND, within(1e3));
    }

    @Test
    void costFadesWhileNothingIsSeenAndReadingItChangesNothing() {
        record(10 * SECOND);
        long at = now;

        double atOnce = estimate.costNanos(at);
        double later = estimate.costNanos(at + LatencyEstimate.DECAY_NANOS);

        assertThat(atOnce).isEqualTo(10.0 * SECOND);
        assertThat(later).isCloseTo(10 * Math.exp(-1) * SECOND, within(1e3));
        assertThat(estimate.costNanos(at)).isEqualTo(10.0 * SECOND);
        assertThat(estimate.costNanos(at - SECOND)).isEqualTo(10.0 * SECOND);
        assertThat(estimate.costNanos(at + 100 * LatencyEstimate.DECAY_NANOS)).isLessThan(1);
    }

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(estimate.known()).isFalse();
        assertThat(estimate.peakNanos()).isZero();
        assertThat(estimate.costNanos(SECOND)).isZero();
        assertThat(estimate.quantileNanos(0.5)).isEqualTo(Nanos.NEVER);
        assertThat(estimate.samples()).isZero();
    }

    @Test
    void censoredSampleRaisesTheCostAndNeverLowersIt() {
        record(4 * SECOND);

        now += SECOND;
        estimate.recordCensored(SECOND, now);
        assertThat(estimate.peakNanos()).isEqualTo(4.0 * SECOND);

        now += SECOND;
        estimate.recordCensored(9 * SECOND, now);
        assertThat(estimate.peakNanos()).isEqualTo(9.0 * SECOND);
    }

    @Test
    void failuresDoubleTheCostUpToAMinuteAndSayNothingAboutQuantiles() {
        List<Double> costs = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            estimate.recordFailure(now);
            costs.add(estimate.costNanos(now) / SECOND);
        }

        assertThat(costs).containsExactly(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0);
        assertThat(estimate.samples()).isZero();

        record(200 * SECOND);
        estimate.recordFailure(now);
        assertThat(estimate.peakNanos()).isEqualTo(200.0 * SECOND);
    }

    @Test
    void quantilesNeedEnoughSamplesAndKnowOnlyTheLatest() {
        for (int i = 1; i < LatencyEstimate.ENOUGH; i++) {
            record(i * MILLI);
        }
        assertThat(estimate.quantileNanos(0.5)).isEqualTo(Nanos.NEVER);

        record(20 * MILLI);
        assertThat(estimate.quantileNanos(0.5)).isEqualTo(10 * MILLI);
        assertThat(estimate.quantileNanos(0.95)).isEqualTo(19 * MILLI);
        assertThat(estimate.quantileNanos(1)).isEqualTo(20 * MILLI);
        assertThat(estimate.quantileNanos(0)).isEqualTo(MILLI);

        for (int i = 0; i < LatencyEstimate.KEPT; i++) {
            record(7 * MILLI);
        }
        assertThat(estimate.quantileNanos(0)).isEqualTo(7 * MILLI);
        assertThat(estimate.quantileNanos(1)).isEqualTo(7 * MILLI);
        assertThat(estimate.samples()).isEqualTo(LatencyEstimate.KEPT);
    }

    /** Remission times under 6-MP of E. A. Freireich and others, 1963, the usual textbook case; a plus is a censored one. */
    @Test
    void usefulTimeIsTheMedianAndTwiceTheLongestWhereMostWereCutBefore() {
        for (int i = 1; i < LatencyEstimate.ENOUGH; i++) {
            record(i * MILLI);
        }
        assertThat(estimate.usefulNanos()).isZero();
        record(LatencyEstimate.ENOUGH * MILLI);
        assertThat(estimate.usefulNanos()).isEqualTo(LatencyEstimate.ENOUGH / 2 * MILLI);

        for (int i = 0; i < LatencyEstimate.KEPT; i++) {
            now += SECOND;
            estimate.recordCensored((i == 100 ? 900 : 800) * MILLI, now);
        }
        assertThat(estimate.usefulNanos()).isEqualTo(1800 * MILLI);
    }

    @Test
    void survivalIsThatOfTheTextbook() {
        long[] weeks = {6, 6, 6, 7, 10, 13, 16, 22, 23};
        long[] censored = {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
        long[] samples = LongStream.concat(
                        LongStream.of(weeks).map(t -> t << 1),
                        LongStream.of(censored).map(t -> t << 1 | 1))
                .toArray();

        Survival survival = Survival.of(samples, 1);

        // published: S(6) 0.857, S(7) 0.807, S(10) 0.753, S(13) 0.690, S(16) 0.627, S(22) 0.538, S(23) 0.448
        double[] lasting = {0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448};
        long[] times = {6, 7, 10, 13, 16, 22, 23};
        for (int i = 0; i < times.length; i++) {
            assertThat(survival.quantileNanos(1 - lasting[i] - 0.001)).isEqualTo(times[i]);
            assertThat(survival.quantileNanos(1 - lasting[i] + 0.001))
                    .isEqualTo(i + 1 < times.length ? times[i + 1] : Nanos.NEVER);
        }
        assertThat(survival.quantileNanos(0.5)).isEqualTo(23);
    }

    @Test
    void losersOfHedgesKeepTheQuantilesHonest() {
        // Given attempts of which one in ten takes 10 s, and hedges that cut these off after 1 s.
        for (int i = 0; i < 200; i++) {
            now += SECOND;
            if (i % 10 == 0) {
                estimate.recordCensored(SECOND, now);
            } else {
                estimate.record(100 * MILLI + i * MILLI, now);
            }
        }

        assertThat(estimate.quantileNanos(0.5)).isBetween(200 * MILLI, 220 * MILLI);
        assertThat(estimate.quantileNanos(0.89)).isBetween(290 * MILLI, 300 * MILLI);
        assertThat(estimate.quantileNanos(0.95)).isEqualTo(Nanos.NEVER);
    }

    /** Few distinct times, so that ties are frequent. */
    private record Sample(int time, boolean censored) {}

    @Test
    void quantilesAreThoseOfTheDefinition() {
        RandomRuns.play(
                SEED,
                300,
                60,
                random -> new Sample(1 + random.nextInt(30), random.nextInt(3) == 0),
                LatencyEstimateTest::compareWithDefinition);
    }

    private static void compareWithDefinition(List<Sample> samples) {
        LatencyEstimate estimate = new LatencyEstimate();
        long at = 0;
        for (Sample sample : samples) {
            at += SECOND;
            if (sample.censored()) {
                estimate.recordCensored(sample.time(), at);
            } else {
                estimate.record(sample.time(), at);
            }
        }
        for (double q : new double[] {0.05, 0.33, 0.5, 0.77, 0.951, 1}) {
            long expected = samples.size() < LatencyEstimate.ENOUGH ? Nanos.NEVER : byRedistribution(samples, 1 - q);
            assertThat(estimate.quantileNanos(q)).as("q %s", q).isEqualTo(expected);
        }
    }

    /**
     * The same estimate by another way, B. Efron's redistribution to the right: each sample weighs 1/n, and going from short
     * to long each censored one hands its weight in equal parts to all after it.
     */
    private static long byRedistribution(List<Sample> samples, double rest) {
        List<Sample> sorted = new ArrayList<>(samples);
        sorted.sort(Comparator.comparingInt(Sample::time).thenComparing(Sample::censored));
        double[] weight = new double[sorted.size()];
        java.util.Arrays.fill(weight, 1.0 / sorted.size());
        double lasting = 1;
        for (int i = 0; i < sorted.size(); i++) {
            if (sorted.get(i).censored()) {
                for (int j = i + 1; j < sorted.size(); j++) {
                    weight[j] += weight[i] / (sorted.size() - i - 1);
                }
            } else {
                lasting -= weight[i];
                if (lasting <= rest + 1e-9) {
                    return sorted.get(i).time();
                }
            }
        }
        return Nanos.NEVER;
    }

    @Test
    void quantilesOfManySamplesAreThoseOfTheirDistribution() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 5_000; i++) {
            now += SECOND;
            estimate.record((long) (-Math.log(1 - random.nextDouble()) * SECOND), now);
        }

        assertThat(estimate.quantileNanos(0.5) / (double) SECOND)
                .as("seed %d", SEED)
                .isCloseTo(0.69, within(0.2));
        assertThat(estimate.quantileNanos(0.95) / (double) SECOND)
                .as("seed %d", SEED)
                .isCloseTo(3.0, within(0.9));
    }

    @Test
    void everySampleCountsAtTheRatesOfModelCallsAndOneInAMillisecondBeyond() {
        for (int i = 0; i < LatencyEstimate.BURST; i++) {
            estimate.record(i, now);
        }
        assertThat(estimate.samples()).isEqualTo(LatencyEstimate.BURST);

        for (int i = 0; i < 10_000; i++) {
            estimate.record(i, now + i); // 10,000 in 10 microseconds
            estimate.recordCensored(i, now + i);
        }
        assertThat(estimate.samples()).isEqualTo(LatencyEstimate.BURST);

        for (int i = 0; i < 100_000; i++) {
            now += 1_000; // a million each second, for 100 ms
            estimate.record(i, now);
        }
        assertThat(estimate.samples()).isEqualTo(LatencyEstimate.BURST + 100);
    }

    @Test
    @Timeout(120) // real threads: what is tested is that they can
    void manyThreadsLoseNothingAndReadersSeeOnlyWholeStates() throws InterruptedException {
        int threads = 8;
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            boolean reads = t % 2 == 0;
            Thread thread = new Thread(() -> {
                awaitQuietly(start);
                for (int i = 1; i <= 20_000; i++) {
                    long at = i * MILLI;
                    if (reads) {
                        long median = estimate.quantileNanos(0.5);
                        double cost = estimate.costNanos(at);
                        if (median != Nanos.NEVER && (median < 5 || median > 8) || cost > 8) {
                            wrong.incrementAndGet();
                        }
                    } else {
                        estimate.record(5 + i % 4, at);
                    }
                }
            });
            thread.start();
            all.add(thread);
        }

        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }

        assertThat(wrong).hasValue(0);
        assertThat(estimate.samples()).isEqualTo(LatencyEstimate.KEPT);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void record(long elapsedNanos) {
        now += SECOND;
        estimate.record(elapsedNanos, now);
    }
}
