// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pacer beside a list of all starts that stand, whose windows are added up by hand. */
class PacerModelTest {
    private static final long SEED = 20_261_125;
    private static final long MILLI = 1_000_000;

    private record Step(int kind, long millis, long tokens, int which) {}

    private record Start(long atNanos, long tokens) {}

    /** Bursts of less than one request, of exactly one, of two and a bit, of 64; tokens that bind first and that never do. */
    @ParameterizedTest
    @CsvSource({
        "60,0,1",
        "60,0,1000",
        "60,0,2500",
        "60,0,64000",
        "600,6000,1000",
        "60,60000,3000",
        "0,6000,1000",
        "7000,500,200"
    })
    void noWindowSeesMoreThanTheRateAndTheBurst(long requests, long tokens, long burstMillis) {
        PacerConfig config = new PacerConfig(requests, tokens, Duration.ofMillis(burstMillis), false);

        RandomRuns.play(SEED, 60, 150, PacerModelTest::step, steps -> check(config, steps));
    }

    private static Step step(SplittableRandom random) {
        long millis = random.nextInt(3) == 0 ? random.nextLong(5_000) : random.nextLong(3) * 100;
        return new Step(random.nextInt(10), millis, random.nextLong(80), random.nextInt(1000));
    }

    private static void check(PacerConfig config, List<Step> steps) {
        Pacer pacer = new Pacer(config);
        List<Start> standing = new ArrayList<>();
        long now = 0;
        long lastOfTheLine = 0;
        boolean gaps = false;
        for (Step step : steps) {
            if (step.kind() < 6) {
                long start = pacer.reserve(step.tokens(), now);
                assertThat(start).isGreaterThanOrEqualTo(now);
                if (!gaps) {
                    assertThat(start).as("first come first").isGreaterThanOrEqualTo(lastOfTheLine);
                }
                lastOfTheLine = Math.max(start, lastOfTheLine);
                standing.add(new Start(start, step.tokens()));
            } else if (step.kind() < 8 && !standing.isEmpty()) {
                Start start = standing.get(step.which() % standing.size());
                pacer.cancel(start.tokens(), start.atNanos(), now);
                if (start.atNanos() >= now) {
                    standing.remove(start);
                    gaps = true;
                }
            } else {
                now += step.millis() * MILLI;
                lastOfTheLine = Math.max(now, lastOfTheLine);
                gaps &= lastOfTheLine > now;
            }
        }
        double seconds = config.burst().toMillis() / 1e3;
        standing.sort(Comparator.comparingLong(Start::atNanos));
        for (int from = 0; from < standing.size(); from++) {
            long count = 0;
            long sum = 0;
            long largest = 0;
            for (int to = from; to < standing.size(); to++) {
                double minutes =
                        (standing.get(to).atNanos() - standing.get(from).atNanos()) / 60e9;
                count++;
                sum += standing.get(to).tokens();
                largest = Math.max(largest, standing.get(to).tokens());
                double requestBurst = Math.max(1, config.requestsPerMinute() * seconds / 60);
                double tokenBurst = Math.max(largest, config.tokensPerMinute() * seconds / 60);
                boolean kept = (config.requestsPerMinute() == 0
                                || count <= config.requestsPerMinute() * minutes + requestBurst + 1e-6)
                        && (config.tokensPerMinute() == 0
                                || sum <= config.tokensPerMinute() * minutes + tokenBurst + 1e-6);
                if (!kept) {
                    throw new AssertionError(standing.subList(from, to + 1) + " exceeds the allowance");
                }
            }
        }
    }

    /** Who asks alone and waits his turn gets what the formula of a bucket says, to the nanosecond. */
    @ParameterizedTest
    @CsvSource({"60,1", "60,1000", "60,3000", "7,1000", "90000,1000"})
    void startsAreAsEarlyAsABucketAllows(long requests, long burstMillis) {
        PacerConfig config = new PacerConfig(requests, 0, Duration.ofMillis(burstMillis), false);

        RandomRuns.play(SEED, 100, 100, PacerModelTest::step, steps -> {
            Pacer pacer = new Pacer(config);
            double unit = 60e9 / requests;
            double capacity = Math.max(1, burstMillis * 1e6 / unit);
            double level = capacity;
            double at = 0;
            long now = 0;
            for (Step step : steps) {
                now += step.kind() < 5 ? 0 : step.millis() * MILLI;
                // The moment, after the last start, when one whole request is in the bucket.
                double start = Math.max(now, at + Math.max(0, 1 - level) * unit);
                level = Math.min(capacity, level + (start - at) / unit) - 1;
                at = start;

                long actual = pacer.reserve(0, now);

                assertThat((double) actual).isBetween(start - 1000, start + 1000);
            }
        });
    }
}
