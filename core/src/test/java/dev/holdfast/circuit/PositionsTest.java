// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PositionsTest {
    private static final long NONE_BAD = Long.MIN_VALUE / 2;

    /** One attempt that ends: how, and how long after the one before. */
    private record Step(boolean failure, long sinceNanos) {}

    @Test
    void threadThatIsAloneGetsThemInOrderWithoutGaps() {
        Positions positions = new Positions();

        List<Long> dealt = Stream.generate(() -> positions.forSuccess(7, NONE_BAD))
                .limit(100)
                .toList();

        assertThat(dealt).isSorted().startsWith(0L).endsWith(99L);
        assertThat(positions.hasGaps()).isFalse();
    }

    @Test
    void successAfterAFailureStandsAfterIt() {
        Positions positions = new Positions();
        positions.shareOut();
        positions.forSuccess(7, NONE_BAD);
        long second = positions.forSuccess(7, NONE_BAD);

        long failure = positions.inOrder();
        long later = positions.forSuccess(7, failure);

        assertThat(second).isLessThan(failure);
        assertThat(later).isGreaterThan(failure);
    }

    @Test
    void shareIsVoidWhenItsTimeIsOver() {
        Positions positions = new Positions();
        positions.shareOut();
        positions.forSuccess(7, NONE_BAD);
        positions.forSuccess(7, NONE_BAD);

        long other = positions.inOrder();

        assertThat(positions.forSuccess(8, NONE_BAD)).isGreaterThan(other);
    }

    /** Real threads, because the competition of cores is what is tested. */
    @Test
    @Timeout(120)
    void eachPositionIsDealtOnceHoweverManyCompete() throws Exception {
        int threads = 4;
        int each = 20_000;
        Positions positions = new Positions();
        CountDownLatch ready = new CountDownLatch(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Long> dealt = new ArrayList<>();
        try {
            List<Future<List<Long>>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(executor.submit(() -> deal(positions, each, ready)));
            }

            for (Future<List<Long>> one : running) {
                dealt.addAll(one.get());
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(dealt).hasSize(threads * each).doesNotHaveDuplicates().allMatch(at -> at < positions.end());
        assertThat(positions.end()).isLessThanOrEqualTo(2L * threads * each);
    }

    private static List<Long> deal(Positions positions, int count, CountDownLatch ready) throws InterruptedException {
        List<Long> own = new ArrayList<>(count);
        ready.countDown();
        ready.await();
        for (int i = 0; i < count; i++) {
            own.add(i % 10 == 0 ? positions.inOrder() : positions.forSuccess(i / 50, NONE_BAD));
        }
        return own;
    }

    @Test
    void windowWithGapsHoldsAndDecidesTheSame() {
        CircuitConfig config = CircuitConfig.defaults().withMinimumAttempts(5).withWindow(25, Duration.ofMillis(300));

        RandomRuns.play(
                2_611,
                400,
                300,
                random ->
                        new Step(random.nextInt(100) < 8, random.nextInt(6) == 0 ? random.nextLong(40_000_000) : 9_000),
                steps -> compare(config, steps));
    }

    private static void compare(CircuitConfig config, List<Step> steps) {
        Positions sharing = new Positions();
        sharing.shareOut();
        Window gappy = new Window(config, sharing);
        Window plain = new Window(config);
        long nowNanos = 0;
        for (Step step : steps) {
            nowNanos += step.sinceNanos();

            assertThat(gappy.add(step.failure(), false, nowNanos))
                    .isEqualTo(plain.add(step.failure(), false, nowNanos));
            assertThat(gappy.count(nowNanos)).isEqualTo(plain.count(nowNanos));
        }
    }
}
