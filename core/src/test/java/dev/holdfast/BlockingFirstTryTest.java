// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failure.Category;
import dev.holdfast.target.TargetInfo;
import dev.holdfast.target.Targets;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each ending of a blocking call that nobody listens to: it begins without a call, and has one where it is needed. */
@Timeout(120)
class BlockingFirstTryTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final CallOptions ONCE = CallOptions.none()
            .withMaxAttempts(1)
            .withTimeouts(TimeoutConfig.defaults().withAttempt(SECOND));

    private static final int ROUNDS = 20_000;

    private final VirtualTime time = new VirtualTime(1);
    private final Holdfast engine =
            Holdfast.builder().time(time, time).executor(time).random(time).build();
    private final BlockingHoldfast blocking = engine.blocking();

    /** Of the attempt that runs, in the hands of another thread. */
    private volatile Attempt handle;

    /** How many calls gave their value, and what the target knows. */
    private record Raced(int values, TargetInfo target) {}

    @AfterEach
    void everythingIsBack() {
        time.runUntilIdle(Duration.ofHours(1));
        Conservation.assertAllReturned(engine);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void successCountsOnceAndMayBeNull() {
        assertThat(blocking.<Object>call(A, attempt -> null)).isNull();
        assertThat(blocking.<String>call(A, attempt -> attempt.target().name() + attempt.number()))
                .isEqualTo("a/one1");

        assertThat(target().succeeded()).isEqualTo(2);
        assertThat(target().circuit().attempts()).isEqualTo(2);
    }

    @Test
    void attemptTellsTheSameAsAnyOther() {
        List<Object> told = new ArrayList<>();

        String answer = blocking.call(A, ONCE.withMaxAttempts(2), attempt -> {
            told.addAll(List.of(attempt.maxAttempts(), attempt.timeLeft()));
            told.add(attempt.timeouts().attempt());
            told.add(attempt.callId().equals(attempt.context().callId()));
            return "hello";
        });

        assertThat(answer).isEqualTo("hello");
        assertThat(told).containsExactly(2, SECOND, SECOND, true);
        assertThat(target().succeeded()).isEqualTo(1);
    }

    @Test
    void failureFailsOverOnTheSameThread() {
        Thread caller = Thread.currentThread();

        String answer = blocking.call(AB, attempt -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            if (attempt.number() == 1) {
                throw fault(Category.AUTH);
            }
            return attempt.target().name();
        });

        assertThat(answer).isEqualTo("b/two");
    }

    @Test
    void lateResultIsVoidAndTheInterruptStaysInside() {
        boolean[] interrupted = {false};

        assertThatThrownBy(() -> blocking.call(A, ONCE, attempt -> {
                    time.advance(SECOND);
                    interrupted[0] = Thread.currentThread().isInterrupted();
                    return "too late";
                }))
                .isInstanceOfSatisfying(CallException.class, error -> assertThat(error.category())
                        .isEqualTo(Category.TIMEOUT));

        assertThat(interrupted[0]).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(target().succeeded()).isZero();
        assertThat(target().failures()).containsOnlyKeys(Category.TIMEOUT).containsEntry(Category.TIMEOUT, 1L);
    }

    @Test
    void slotIsFreeFromTheTimeoutOnThoughTheCodeStillRuns() {
        assertThatThrownBy(() -> blocking.call(A, ONCE, attempt -> {
                    assertThat(engine.info().inFlight()).isEqualTo(1);
                    time.advance(SECOND);
                    assertThat(engine.info().inFlight()).isZero();
                    throw new InterruptedException();
                }))
                .isInstanceOf(CallException.class);
    }

    @Test
    void deadlineIsWatchedToo() {
        assertThatThrownBy(() -> blocking.call(A, CallOptions.deadline(SECOND), attempt -> {
                    time.advance(SECOND);
                    return "too late";
                }))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void callWithinACallIsWatchedToo() {
        String answer = blocking.call(A, outer -> {
            assertThatThrownBy(() -> blocking.call(A, ONCE, inner -> {
                        time.advance(SECOND);
                        return "too late";
                    }))
                    .isInstanceOf(CallFailedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return "in time";
        });

        assertThat(answer).isEqualTo("in time");
    }

    @Test
    void closeFindsAndEndsWhatRuns() {
        assertThatThrownBy(() -> blocking.call(A, attempt -> {
                    engine.drain();
                    engine.shutdown.endAll();
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    return "too late";
                }))
                .isInstanceOf(CallRejectedException.class);

        assertThat(engine.drain()).isCompleted();
        assertThat(target().succeeded()).isZero();
    }

    @Test
    void drainThatBeginsDuringAnAttemptEndsWithIt() {
        List<CompletableFuture<Void>> drains = new ArrayList<>();

        String answer = blocking.call(A, attempt -> {
            drains.add(engine.drain());
            assertThat(drains.get(0)).isNotDone();
            return "hello";
        });

        assertThat(answer).isEqualTo("hello");
        assertThat(drains.get(0)).isCompleted();
    }

    @Test
    void handleUsedAfterTheEndHoldsNothing() {
        Attempt[] kept = {null};
        blocking.call(A, attempt -> {
            kept[0] = attempt;
            return "hello";
        });

        OngoingAttempt late = kept[0].goesOn();
        late.end();
        late.cancel();

        assertThat(kept[0].callId()).isEqualTo(kept[0].callId());
        assertThat(late.isOver()).isTrue();
        assertThat(target().succeeded()).isEqualTo(1);
    }

    @Test
    void watchThatLooksAfterTheEndChangesNothing() {
        List<Watched> seen = new ArrayList<>();
        blocking.call(A, attempt -> {
            seen.addAll(engine.blockingWatch.attempts(engine));
            return "hello";
        });

        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).isEnded()).isTrue();
        seen.get(0).overdue(time.nanos());
        seen.get(0).shutDown();
        time.runUntilIdle(Duration.ofHours(1));

        assertThat(target().succeeded()).isEqualTo(1);
        assertThat(target().failures()).isEmpty();
    }

    /** The function returns in the very moment in which its time is up. */
    @Test
    void watchAndOwnerEndAnAttemptOnce() throws InterruptedException {
        Raced raced = race(
                real -> real.engine.blockingWatch.attempts(real.engine).forEach(late -> late.overdue(late.dueNanos())));

        assertThat(raced.target.succeeded()).isEqualTo(raced.values);
        assertThat(raced.target.failures().getOrDefault(Category.TIMEOUT, 0L)).isEqualTo(ROUNDS - raced.values);
    }

    /** The function returns in the very moment in which another thread cancels by its handle. */
    @Test
    void handleOfAnotherThreadAndOwnerEndAnAttemptOnce() throws InterruptedException {
        Raced raced = race(real -> handle.goesOn().cancel());

        // What goes on may be cancelled after its value was given.
        assertThat(raced.target.succeeded()).isLessThanOrEqualTo(ROUNDS);
    }

    /** The function returns in the very moment in which the engine is closed for good, as far as running calls see it. */
    @Test
    void closeAndOwnerEndAnAttemptOnce() throws InterruptedException {
        Raced raced = race(real -> real.engine.shutdown.endAll());

        // The attempt may have succeeded, and its call have been ended before it knew.
        assertThat(raced.target.succeeded()).isBetween((long) raced.values, (long) ROUNDS);
    }

    private Raced race(Consumer<RealHoldfast> other) throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        try (RealHoldfast real = new RealHoldfast(builder -> builder.executor(Runnable::run))) {
            real.engine.forceClosed(A.order().get(0));
            Thread thread = new Thread(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    while (inside.get() <= i) {
                        Thread.yield();
                    }
                    other.accept(real);
                }
            });
            thread.start();
            int values = 0;
            for (int i = 0; i < ROUNDS; i++) {
                int spins = i % 100;
                try {
                    String answer = real.engine
                            .blocking()
                            .call(A, CallOptions.none().withMaxAttempts(1), attempt -> {
                                handle = attempt;
                                inside.incrementAndGet();
                                for (int spin = 0; spin < spins; spin++) {
                                    Thread.onSpinWait();
                                }
                                return "hello";
                            });
                    assertThat(answer).isEqualTo("hello");
                    values++;
                } catch (CallException | CancellationException e) {
                    assertThat(e).hasMessageNotContaining("given back");
                }
                assertThat(Thread.interrupted()).isFalse();
            }
            thread.join();

            real.awaitAllReturned();
            return new Raced(values, real.engine.targets().get(0));
        }
    }

    private TargetInfo target() {
        return engine.targets().get(0);
    }
}
