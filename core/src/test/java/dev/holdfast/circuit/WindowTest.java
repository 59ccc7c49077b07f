// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
    private static final long UNIT = 1 << 20;

    private record Step(int kind, long sinceNanos, int inFlight) {}

    private record Ended(boolean failure, boolean slow, long unit, int inFlightThen) {}

    @ParameterizedTest
    @ValueSource(ints = {20, 25, 63, 64, 127})
    void windowHoldsAndDecidesLikeAPlainList(int size) {
        CircuitConfig config = CircuitConfig.defaults()
                .withSlowCalls(Duration.ofSeconds(1), 0.8)
                .withFailureThreshold(4)
                .withMinimumAttempts(5)
                .withWindow(size, Duration.ofMillis(300));

        RandomRuns.play(
                size,
                300,
                400,
                random -> new Step(
                        random.nextInt(100),
                        random.nextInt(6) == 0 ? random.nextLong(40_000_000) : 9_000,
                        random.nextInt(8)),
                steps -> compare(config, steps));
    }

    private static void compare(CircuitConfig config, List<Step> steps) {
        int[] inFlight = {0};
        Window window = new Window(config, () -> inFlight[0]);
        List<Ended> all = new ArrayList<>();
        long nowNanos = 0;
        for (Step step : steps) {
            nowNanos += step.sinceNanos();
            inFlight[0] = step.inFlight();
            boolean failure = step.kind() < 15;
            boolean slow = step.kind() % 7 == 0;
            all.add(new Ended(
                    failure, slow, nowNanos / UNIT, inFlightThen(all, failure || slow, nowNanos, inFlight[0])));

            boolean opens;
            if (failure || slow) {
                opens = window.addBad(failure, slow, nowNanos);
            } else {
                assertThat(window.addSuccess(nowNanos)).isTrue();
                opens = window.opens(nowNanos);
            }

            Window.Count expected = plainly(config, all, nowNanos, inFlight[0]);
            assertThat(opens).isEqualTo(expected.opens(config));
            assertThat(window.count(nowNanos)).isEqualTo(expected);
        }
    }

    /** Successes of one unit of time with nothing else between them are told apart from what came before as one. */
    private static int inFlightThen(List<Ended> all, boolean alone, long nowNanos, int inFlight) {
        Ended before = all.isEmpty() ? null : all.get(all.size() - 1);
        return alone || before == null || before.unit() < nowNanos / UNIT ? inFlight : before.inFlightThen();
    }

    private static Window.Count plainly(CircuitConfig config, List<Ended> all, long nowNanos, int inFlight) {
        long oldestUnit = nowNanos / UNIT - config.windowDuration().toNanos() / UNIT;
        List<Ended> inside = all.subList(Math.max(0, all.size() - config.windowSize()), all.size()).stream()
                .filter(ended -> ended.unit() >= oldestUnit)
                .toList();
        int streak = 0;
        while (streak < inside.size() && inside.get(inside.size() - 1 - streak).failure()) {
            streak++;
        }
        int failures = (int) inside.stream().filter(Ended::failure).count();
        int slow = (int) inside.stream().filter(Ended::slow).count();
        int then = inside.isEmpty() ? inFlight : inside.get(0).inFlightThen();
        int beforeStreak =
                streak == 0 ? inFlight : inside.get(inside.size() - streak).inFlightThen();
        return new Window.Count(
                inside.size(),
                failures,
                slow,
                streak,
                Math.max(0, inFlight - then),
                Math.max(0, inFlight - beforeStreak));
    }

    @Test
    void successCompletesTheNumberOfAttemptsAtWhichTheRateCounts() {
        CircuitConfig config = CircuitConfig.defaults().withFailureThreshold(4).withMinimumAttempts(8);
        Window window = new Window(config, () -> 0);
        for (int i = 0; i < 4; i++) {
            assertThat(window.addBad(true, false, i * UNIT)).isEqualTo(i == 3);
        }

        for (int i = 0; i < 4; i++) {
            window.addSuccess(4 * UNIT);

            assertThat(window.opens(4 * UNIT)).isEqualTo(i == 3);
        }
    }

    /** After ten good seconds answers take 1 to 4 s in place of 0.5 to 1.5, and failures come at once: most of what ends first. */
    @ParameterizedTest
    @CsvSource({"30, false", "70, true"})
    void failuresThatEndBeforeTheAnswersAreAPartOfWhatWasStarted(int failPercent, boolean opens) {
        SplittableRandom random = new SplittableRandom(11);
        int[] inFlight = {0};
        Window window = new Window(CircuitConfig.defaults(), () -> inFlight[0]);
        PriorityQueue<Long> answers = new PriorityQueue<>();
        boolean opened = false;

        for (long now = 0; now < 60_000_000_000L && !opened; now += 10_000_000) {
            while (!answers.isEmpty() && answers.peek() <= now) {
                window.addSuccess(answers.remove());
                opened |= window.opens(now);
                inFlight[0]--;
            }
            boolean good = now < 10_000_000_000L;
            inFlight[0]++;
            if (!good && random.nextInt(100) < failPercent) {
                opened |= window.addBad(true, false, now);
                inFlight[0]--;
            } else {
                answers.add(now + (good ? random.nextLong(500, 1500) : random.nextLong(1000, 4000)) * 1_000_000);
            }
        }

        assertThat(opened).isEqualTo(opens);
    }

    @Test
    void rowOfFailuresMayBeTwiceAsLongWhileTheFlightGrowsAndNoLonger() {
        CircuitConfig config = CircuitConfig.defaults().withFailureThreshold(3).withMinimumAttempts(10);
        for (boolean known : new boolean[] {false, true}) {
            int[] inFlight = {0};
            Window window = new Window(config, () -> inFlight[0]);
            for (int i = 0; known && i < 100; i++) {
                window.addSuccess(0);
            }
            int failures = 0;
            do {
                inFlight[0] += 100;
                failures++;
            } while (!window.addBad(true, false, 0));

            assertThat(failures).isEqualTo(known ? 12 : 6);
        }
    }

    @Test
    void flightThatShrinksChangesNothing() {
        CircuitConfig config = CircuitConfig.defaults().withFailureThreshold(3).withMinimumAttempts(10);
        int[] inFlight = {100};
        Window window = new Window(config, () -> inFlight[0]);

        for (int failures = 1; failures <= 3; failures++) {
            inFlight[0] -= 10;
            assertThat(window.addBad(true, false, 0)).isEqualTo(failures == 3);
        }
    }

    @Test
    void readingOfTheClockOlderThanTheLastChangesNoOrder() {
        Window window = new Window(CircuitConfig.defaults(), () -> 0);
        window.addSuccess(5 * UNIT);

        window.addBad(true, false, 4 * UNIT);
        window.addSuccess(3 * UNIT);

        assertThat(window.count(5 * UNIT)).isEqualTo(new Window.Count(3, 1, 0, 0, 0, 0));
    }

    @Test
    void successOfAnEarlierPhaseIsCountedAndInNoWindow() {
        Circuit circuit = circuit();
        Permit late = circuit.tryAcquire(0, 1);
        circuit.reset(0);
        Permit timely = circuit.tryAcquire(0, 1);

        circuit.success(late, 1, 0);
        circuit.success(timely, 1, 0);

        assertThat(circuit.info(0).attempts()).isEqualTo(1);
        assertThat(circuit.succeeded()).isEqualTo(2);
    }

    @Test
    void successWithoutAWindowIsCounted() {
        Circuit circuit =
                new Circuit(CircuitConfig.disabled(), new SplittableRandom(1), () -> 0, (from, info, nowNanos) -> {});

        circuit.success(circuit.tryAcquire(0, 1), 1, 0);
        circuit.forceClosed(0);
        circuit.success(circuit.tryAcquire(0, 1), 1, 0);

        assertThat(circuit.succeeded()).isEqualTo(2);
    }

    @Test
    @Timeout(120)
    void everySuccessIsCountedOnceWhilePhasesEndUnderIt() throws InterruptedException {
        int threads = 4;
        int each = 50_000;
        Circuit circuit = circuit();
        CountDownLatch ready = new CountDownLatch(threads);
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread thread = new Thread(() -> {
                ready.countDown();
                for (int i = 0; i < each; i++) {
                    circuit.success(circuit.tryAcquire(0, 1), 1, i * UNIT / 64);
                }
            });
            thread.start();
            running.add(thread);
        }
        ready.await();
        long seen = 0;
        while (running.stream().anyMatch(Thread::isAlive)) {
            circuit.reset(0);
            long now = circuit.succeeded();
            assertThat(now).as("a count never falls").isGreaterThanOrEqualTo(seen);
            seen = now;
        }

        assertThat(circuit.succeeded()).isEqualTo((long) threads * each);
    }

    /** What competes with a failure may be on either side of it, and is on one. */
    @Test
    @Timeout(120)
    void noOutcomeIsLostWhereThreadsCompete() throws InterruptedException {
        int threads = 4;
        int each = 2_000;
        Window window = new Window(CircuitConfig.defaults().withWindow(10_000, Duration.ofMinutes(10)), () -> 0);
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    long nowNanos = i * UNIT / 8;
                    if (i % 10 == 0) {
                        window.addBad(true, false, nowNanos);
                    } else {
                        window.addSuccess(nowNanos);
                        window.opens(nowNanos);
                    }
                }
            });
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join();
        }

        Window.Count count = window.count(each * UNIT / 8);
        assertThat(count.attempts()).isEqualTo(threads * each);
        assertThat(count.failures()).isEqualTo(threads * each / 10);
    }

    private static Circuit circuit() {
        return new Circuit(CircuitConfig.defaults(), new SplittableRandom(1), () -> 0, (from, info, nowNanos) -> {});
    }
}
