// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.callError;
import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.ConcurrencyConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.target.TargetInfo;
import dev.holdfast.target.Targets;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each ending of a call that nobody listens to: the first attempt begins without a call, and has one where it is needed. */
class FirstTryTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final CompletableFuture<String> DONE = CompletableFuture.completedFuture("hello");

    private final VirtualTime time = new VirtualTime(1);
    private Holdfast engine = engine(config -> config);

    private Holdfast engine(UnaryOperator<ResilienceConfig> change) {
        return Holdfast.builder()
                .config(change.apply(ResilienceConfig.defaults()))
                .time(time, time)
                .executor(time)
                .random(time)
                .build();
    }

    @AfterEach
    void everythingIsBack() {
        Conservation.assertAllReturned(engine);
    }

    @Test
    void successAtOnceIsAPlainFutureAndCounts() {
        CompletableFuture<String> call = engine.call(A, attempt -> DONE);

        assertThat(call).isCompletedWithValue("hello").isNotSameAs(DONE);
        assertThat(call.getClass()).isSameAs(CompletableFuture.class);
        assertThat(call.cancel(true)).isFalse();
        assertThat(target().succeeded()).isEqualTo(1);
        assertThat(target().circuit().attempts()).isEqualTo(1);
    }

    @Test
    void nullIsAValue() {
        assertThat(engine.call(A, attempt -> CompletableFuture.<String>completedFuture(null)))
                .isCompletedWithValue(null);
    }

    @Test
    void attemptTellsTheSameAsAnyOther() {
        List<Object> told = new ArrayList<>();
        CallOptions options = CallOptions.deadline(Duration.ofSeconds(9)).withMaxAttempts(2);

        CompletableFuture<String> call = engine.call(A, options, attempt -> {
            told.addAll(List.of(attempt.target().name(), attempt.number(), attempt.maxAttempts(), attempt.timeLeft()));
            told.add(attempt.timeouts().attempt());
            told.add(attempt.callId().equals(attempt.context().callId()));
            return DONE;
        });

        assertThat(call).isCompletedWithValue("hello");
        assertThat(told).containsExactly("a/one", 1, 2, Duration.ofSeconds(9), Duration.ofSeconds(9), true);
    }

    @Test
    void failureAtOnceIsRetried() {
        int[] runs = {0};

        CompletableFuture<String> call = engine.call(
                A, attempt -> ++runs[0] == 1 ? CompletableFuture.failedFuture(fault(Category.SERVER_ERROR)) : DONE);
        time.runUntilIdle(Duration.ofHours(1));

        assertThat(call).isCompletedWithValue("hello");
        assertThat(runs[0]).isEqualTo(2);
        assertThat(target().failures()).containsEntry(Category.SERVER_ERROR, 1L);
    }

    @Test
    void exceptionThrownFailsOver() {
        CompletableFuture<String> call = engine.call(AB, attempt -> {
            if (attempt.target().name().equals("a/one")) {
                throw fault(Category.AUTH);
            }
            assertThat(attempt.number()).isEqualTo(2);
            return DONE;
        });
        time.runUntilIdle(Duration.ofHours(1));

        assertThat(call).isCompletedWithValue("hello");
    }

    @Test
    void nullInsteadOfAStageIsAFailure() {
        CompletableFuture<String> call =
                engine.call(A, CallOptions.none().withMaxAttempts(1), attempt -> (CompletionStage<String>) null);

        assertThat(callError(call)).hasMessageContaining("returned null");
        assertThat(callError(call).report().attempts()).hasSize(1);
    }

    @Test
    void errorIsPassedOnAsItIs() {
        CompletableFuture<String> call = engine.call(A, attempt -> {
            throw new AssertionError("fatal");
        });

        assertThat(Errors.of(call)).isInstanceOf(AssertionError.class);
    }

    @Test
    void stageThatCompletesLaterIsWatchedAndTimed() {
        CompletableFuture<String> later = new CompletableFuture<>();

        CompletableFuture<String> call = engine.call(A, attempt -> later);
        assertThat(engine.info().inFlight()).isEqualTo(1);
        time.advance(Duration.ofSeconds(3));
        later.complete("hello");
        time.runUntilIdle(Duration.ofHours(1));

        assertThat(call).isCompletedWithValue("hello");
        assertThat(target().total().samples()).isEqualTo(1);
    }

    @Test
    void deadlineEndsAStageThatNeverCompletes() {
        CompletableFuture<String> never = new CompletableFuture<>();

        CompletableFuture<String> call = engine.call(A, CallOptions.deadline(Duration.ofSeconds(5)), attempt -> never);
        time.advance(Duration.ofSeconds(5));

        assertThat(callError(call)).isInstanceOf(DeadlineExceededException.class);
        assertThat(never).isCancelled();
    }

    @Test
    void cancellingTheFutureCancelsTheStageAndRunsTheHook() {
        CompletableFuture<String> never = new CompletableFuture<>();
        int[] hooks = {0};

        CompletableFuture<String> call = engine.call(A, attempt -> {
            attempt.onCancel(() -> hooks[0]++);
            return never;
        });
        call.cancel(true);

        assertThat(never).isCancelled();
        assertThat(hooks[0]).isEqualTo(1);
        assertThat(target().circuit().attempts()).isZero();
    }

    @Test
    void attemptThatGoesOnHoldsItsSlotUntilItsEnd() {
        OngoingAttempt[] stream = {null};

        CompletableFuture<String> call = engine.call(A, attempt -> {
            stream[0] = attempt.goesOn();
            return DONE;
        });

        assertThat(call).isCompletedWithValue("hello");
        assertThat(engine.info().inFlight()).isEqualTo(1);
        stream[0].end();
        assertThat(engine.info().inFlight()).isZero();
        assertThat(target().succeeded()).isEqualTo(1);
    }

    @Test
    void usageToldDuringTheAttemptSettlesThePacer() {
        engine = engine(config -> config.withLimits(
                config.limits().withPacing(PacerConfig.defaults().withTokensPerMinute(60))));

        CompletableFuture<String> first = engine.call(A, attempt -> {
            attempt.usage(30, 30);
            return DONE;
        });
        CompletableFuture<String> second = engine.call(A, CallOptions.none().withTokens(60), attempt -> DONE);

        assertThat(first).isCompletedWithValue("hello");
        assertThat(second).isNotDone();
        time.runUntilIdle(Duration.ofHours(1));
        assertThat(second).isCompletedWithValue("hello");
    }

    @Test
    void handleUsedAfterTheEndHoldsNothing() {
        Attempt[] kept = {null};
        engine.call(A, attempt -> {
            kept[0] = attempt;
            return DONE;
        });

        kept[0].onCancel(() -> {
            throw new AssertionError("nothing is left to cancel");
        });
        OngoingAttempt late = kept[0].goesOn();
        late.end();
        late.cancel();

        assertThat(kept[0].callId()).isEqualTo(kept[0].callId());
        assertThat(late.isOver()).isTrue();
        assertThat(engine.drain()).isCompleted();
    }

    @Test
    void nestedCallSharesIdAndDeadline() {
        List<String> ids = new ArrayList<>();

        CompletableFuture<String> call = engine.call(A, CallOptions.deadline(Duration.ofSeconds(7)), outer -> {
            ids.add(outer.callId());
            return engine.call(A, CallOptions.within(outer.context()), inner -> {
                ids.add(inner.callId());
                assertThat(inner.timeLeft()).isEqualTo(Duration.ofSeconds(7));
                return DONE;
            });
        });

        assertThat(call).isCompletedWithValue("hello");
        assertThat(ids.get(0)).isEqualTo(ids.get(1));
    }

    @Test
    void whatIsNotFreeAtOnceIsWaitedForAsEver() {
        engine = engine(config -> config.withLimits(
                config.limits().withConcurrency(ConcurrencyConfig.defaults().withFixed(1))));
        CompletableFuture<String> running = new CompletableFuture<>();

        CompletableFuture<String> first = engine.call(A, attempt -> running);
        CompletableFuture<String> second = engine.call(A, attempt -> DONE);
        assertThat(second).isNotDone();
        running.complete("hello");
        time.runUntilIdle(Duration.ofHours(1));

        assertThat(first).isCompletedWithValue("hello");
        assertThat(second).isCompletedWithValue("hello");
    }

    @Test
    void probeGoesTheWayOfAllProbes() {
        for (int i = 0; i < 5; i++) {
            engine.call(
                    A,
                    CallOptions.none().withMaxAttempts(1),
                    attempt -> CompletableFuture.failedFuture(fault(Category.SERVER_ERROR)));
        }
        assertThat(callError(engine.call(A, attempt -> DONE))).isInstanceOf(CallRejectedException.class);

        time.advance(Duration.ofMinutes(2));
        CompletableFuture<String> probe = engine.call(A, attempt -> DONE);

        assertThat(probe).isCompletedWithValue("hello");
        assertThat(target().circuit().state()).isEqualTo(CircuitState.CLOSED);
        assertThat(target().succeeded()).isEqualTo(1);
    }

    @Test
    void listenerThatIsThereHearsAllAndOneThatComesLaterTheNextCall() {
        List<HoldfastEvent> events = new ArrayList<>();
        engine.call(A, attempt -> {
            engine.addListener(events::add);
            return DONE;
        });
        time.runUntilIdle(Duration.ofHours(1));
        assertThat(events).isEmpty();

        engine.call(A, attempt -> DONE);
        time.runUntilIdle(Duration.ofHours(1));

        assertThat(events)
                .extracting(Object::getClass)
                .containsExactly(
                        CallEvent.CallStarted.class,
                        CallEvent.AttemptStarted.class,
                        CallEvent.AttemptCommitted.class,
                        CallEvent.AttemptSucceeded.class,
                        CallEvent.CallEnded.class);
    }

    @Test
    void reportIsThereWhereItIsAskedFor() {
        CompletableFuture<CallResult<String>> call = engine.callWithReport(A, CallOptions.none(), attempt -> DONE);

        assertThat(call.join().value()).isEqualTo("hello");
        assertThat(call.join().report().attempts()).hasSize(1);
    }

    @Test
    void drainThatBeginsDuringAnAttemptEndsWithIt() {
        List<CompletableFuture<Void>> drains = new ArrayList<>();

        CompletableFuture<String> call = engine.call(A, attempt -> {
            drains.add(engine.drain());
            assertThat(drains.get(0)).isNotDone();
            return DONE;
        });

        assertThat(call).isCompletedWithValue("hello");
        assertThat(drains.get(0)).isCompleted();
        assertThat(callError(engine.call(A, attempt -> DONE))).isInstanceOf(CallRejectedException.class);
    }

    @Test
    void dependentsOfTheFutureRunAtOnce() {
        CompletableFuture<String> call = engine.call(A, attempt -> DONE);

        assertThat(call.thenApply(String::length)).isCompletedWithValue(5);
        assertThatThrownBy(() -> call.thenApply(value -> {
                            throw new IllegalStateException("mine");
                        })
                        .join())
                .hasRootCauseMessage("mine");
    }

    /** The handle in the hands of another thread, while the function's own returns: nothing is given back twice. */
    @Test
    @Timeout(120)
    void handleThatAnotherThreadUsesMeanwhileGivesBackOnce() throws InterruptedException {
        int rounds = 20_000;
        Attempt[] handle = new Attempt[1];
        CountDownLatch[] meet = new CountDownLatch[rounds];
        for (int i = 0; i < rounds; i++) {
            meet[i] = new CountDownLatch(1);
        }
        Thread other = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                try {
                    meet[i].await();
                } catch (InterruptedException e) {
                    return;
                }
                handle[0].goesOn().end();
            }
        });
        other.start();

        try (RealHoldfast real = new RealHoldfast()) {
            for (int i = 0; i < rounds; i++) {
                CountDownLatch now = meet[i];
                CompletableFuture<String> call = real.engine.call(A, attempt -> {
                    handle[0] = attempt;
                    now.countDown();
                    return DONE;
                });
                assertThat(call).isCompletedWithValue("hello");
            }
            other.join();

            real.awaitAllReturned();
            assertThat(real.engine.targets().get(0).succeeded()).isEqualTo(rounds);
        }
    }

    /** As above, where the other thread ends the attempt: what it holds is given back once. */
    @Test
    @Timeout(120)
    void handleByWhichAnotherThreadCancelsMeanwhileGivesBackOnce() throws InterruptedException {
        int rounds = 20_000;
        Attempt[] handle = new Attempt[1];
        AtomicInteger inside = new AtomicInteger();
        Thread other = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                while (inside.get() <= i) {
                    Thread.yield();
                }
                handle[0].goesOn().cancel();
            }
        });
        other.start();

        try (RealHoldfast real = new RealHoldfast()) {
            for (int i = 0; i < rounds; i++) {
                int spins = i % 100;
                real.engine.call(A, attempt -> {
                    handle[0] = attempt;
                    inside.incrementAndGet();
                    for (int spin = 0; spin < spins; spin++) {
                        Thread.onSpinWait();
                    }
                    return DONE;
                });
            }
            other.join();

            real.awaitAllReturned();
            assertThat(real.engine.targets().get(0).succeeded()).isLessThanOrEqualTo(rounds);
        }
    }

    private TargetInfo target() {
        return engine.targets().get(0);
    }
}
