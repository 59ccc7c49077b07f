// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
    private static final long UNIT = 1 << 20;

    private record Step(int kind, long sinceNanos) {}

    private record Ended(boolean failure, boolean slow, long unit) {}

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
                random -> new Step(random.nextInt(100), random.nextInt(6) == 0 ? random.nextLong(40_000_000) : 9_000),
                steps -> compare(config, steps));
    }

    private static void compare(CircuitConfig config, List<Step> steps) {
        Window window = new Window(config);
        List<Ended> all = new ArrayList<>();
        long nowNanos = 0;
        for (Step step : steps) {
            nowNanos += step.sinceNanos();
            boolean failure = step.kind() < 15;
            boolean slow = step.kind() % 7 == 0;
            all.add(new Ended(failure, slow, nowNanos / UNIT));

            boolean opens;
            if (failure || slow) {
                opens = window.addBad(failure, slow, nowNanos);
            } else {
                assertThat(window.addSuccess(nowNanos)).isTrue();
                opens = window.opens(nowNanos);
            }

            Window.Count expected = plainly(config, all, nowNanos);
            assertThat(opens).isEqualTo(expected.opens(config));
            assertThat(window.count(nowNanos)).isEqualTo(expected);
        }
    }

    private static Window.Count plainly(CircuitConfig config, List<Ended> all, long nowNanos) {
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
        return new Window.Count(inside.size(), failures, slow, streak);
    }

    @Test
    void successCompletesTheNumberOfAttemptsAtWhichTheRateCounts() {
        CircuitConfig config = CircuitConfig.defaults().withFailureThreshold(4).withMinimumAttempts(8);
        Window window = new Window(config);
        for (int i = 0; i < 4; i++) {
            assertThat(window.addBad(true, false, i * UNIT)).isEqualTo(i == 3);
        }

        for (int i = 0; i < 4; i++) {
            window.addSuccess(4 * UNIT);

            assertThat(window.opens(4 * UNIT)).isEqualTo(i == 3);
        }
    }

    @Test
    void readingOfTheClockOlderThanTheLastChangesNoOrder() {
        Window window = new Window(CircuitConfig.defaults());
        window.addSuccess(5 * UNIT);

        window.addBad(true, false, 4 * UNIT);
        window.addSuccess(3 * UNIT);

        assertThat(window.count(5 * UNIT)).isEqualTo(new Window.Count(3, 1, 0, 0));
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
        Circuit circuit = new Circuit(CircuitConfig.disabled(), new SplittableRandom(1), (from, info, nowNanos) -> {});

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
        Window window = new Window(CircuitConfig.defaults().withWindow(10_000, Duration.ofMinutes(10)));
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
        return new Circuit(CircuitConfig.defaults(), new SplittableRandom(1), (from, info, nowNanos) -> {});
    }
}
