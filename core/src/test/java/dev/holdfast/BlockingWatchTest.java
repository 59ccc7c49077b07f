// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failure.Category;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that blocks can only be interrupted in real time, so these tests wait some tens of milliseconds. */
@Timeout(120)
class BlockingWatchTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets B = Targets.named("b/one");

    private final RealHoldfast real = new RealHoldfast(
            builder -> builder.config(ResilienceConfig.defaults().withMaxAttempts(1)));

    @AfterEach
    void everythingIsBack() {
        real.awaitAllReturned();
        assertThat(Thread.interrupted()).isFalse();
        real.close();
    }

    @Test
    void shortAttemptIsInterruptedInTimeThoughTheSweepStandsForALongOne() {
        real.engine.blocking().call(A, attempt -> "arms a sweep in ten minutes");

        long tookNanos = timeOut(A, Duration.ofMillis(30));

        assertThat(Duration.ofNanos(tookNanos)).isBetween(Duration.ofMillis(30), Duration.ofSeconds(20));
    }

    @Test
    void attemptAfterASweepArmsTheNextOne() {
        timeOut(A, Duration.ofMillis(20));

        timeOut(A, Duration.ofMillis(20));
        timeOut(A, Duration.ofMillis(20));
    }

    @Test
    void callWithinACallIsInterruptedByATimerOfItsOwn() {
        String answer = real.engine.blocking().call(A, attempt -> {
            timeOut(B, Duration.ofMillis(20));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return "the outer one goes on";
        });

        assertThat(answer).isEqualTo("the outer one goes on");
    }

    @Test
    void outerAttemptIsStillWatchedAfterAnInnerCall() {
        assertThatThrownBy(() -> real.engine.blocking().call(A, timeout(Duration.ofMillis(60)), attempt -> {
                    real.engine.blocking().call(B, inner -> "done");
                    new CountDownLatch(1).await();
                    return "unused";
                }))
                .isInstanceOfSatisfying(CallException.class, error -> assertThat(error.category())
                        .isEqualTo(Category.TIMEOUT));
    }

    @Test
    void manyThreadsAreInterruptedEachAtItsOwnTime() throws Exception {
        ConcurrentLinkedQueue<Long> early = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Duration limit = Duration.ofMillis(20 + i % 7 * 10);
            threads.add(new Thread(() -> {
                long tookNanos = timeOut(A, limit);
                if (tookNanos < limit.toNanos()) {
                    early.add(tookNanos);
                }
            }));
        }
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((at, error) -> errors.add(error)));

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(errors).isEmpty();
        assertThat(early).isEmpty();
    }

    @Test
    void standingSweepIsNoLeak() {
        real.engine.blocking().call(A, attempt -> "arms a sweep");

        assertThat(real.timer.pending()).isEqualTo(1);
        assertThat(real.engine.info().timers()).isZero();
        String counted = real.engine
                .blocking()
                .call(A, attempt -> String.valueOf(real.engine.info().timers()));
        assertThat(counted).isEqualTo("1");
    }

    /** Blocks until the attempt is interrupted; returns how long that took. */
    private long timeOut(Targets targets, Duration limit) {
        // The circuit is no part of this: it would reject after five timeouts.
        real.engine.forceClosed(targets.order().get(0));
        long start = System.nanoTime();
        assertThatThrownBy(() -> real.engine.blocking().call(targets, timeout(limit), attempt -> {
                    new CountDownLatch(1).await();
                    return "unused";
                }))
                .isInstanceOfSatisfying(CallException.class, error -> assertThat(error.category())
                        .isEqualTo(Category.TIMEOUT));
        return System.nanoTime() - start;
    }

    private static CallOptions timeout(Duration limit) {
        return CallOptions.none().withTimeouts(TimeoutConfig.defaults().withAttempt(limit));
    }
}
