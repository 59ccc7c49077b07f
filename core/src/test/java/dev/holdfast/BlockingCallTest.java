// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Blocking calls in virtual time: while the caller is stuck in its attempt a second thread lets time pass, and the attempt
 * returns only when that thread has done. Waits between attempts need real time, since they park the caller.
 */
@Timeout(120)
class BlockingCallTest {
    private static final Targets A = Targets.named("a/one");
    private static final Targets AB = Targets.named("a/one", "b/two");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualHoldfast holdfast = new VirtualHoldfast(config -> config.withBackoff(Backoff.fixed(SECOND)));
    private final BlockingHoldfast blocking = holdfast.engine.blocking();
    private final Thread caller = Thread.currentThread();
    private final CountDownLatch inside = new CountDownLatch(1);
    private Thread clock = caller;

    @AfterEach
    void everythingIsBack() {
        holdfast.assertAllReturned();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void valueOfTheFirstAttemptIsReturned() {
        assertThat(blocking.<String>call(A, attempt -> attempt.target().name())).isEqualTo("a/one");
        assertThat(holdfast.ends()).containsExactly(Outcome.SUCCESS);
        assertThat(holdfast.engine.info(A.order().get(0)).succeeded()).isEqualTo(1);
    }

    @Test
    void valueMayBeNull() {
        assertThat(blocking.<Object>call(A, attempt -> null)).isNull();
    }

    @Test
    void failureGoesToTheNextTargetWithoutAWait() {
        String answer = blocking.call(AB, attempt -> {
            if (attempt.number() == 1) {
                throw fault(Category.SERVER_ERROR);
            }
            return attempt.target().name();
        });

        assertThat(answer).isEqualTo("b/two");
        assertThat(holdfast.time.nanos()).isZero();
    }

    @Test
    void retryStartsOnTheCallersThreadWhenItsTimeHasCome() {
        List<Thread> threads = new ArrayList<>();
        try (RealHoldfast real = soonAgain()) {
            String answer = real.engine.blocking().call(A, attempt -> {
                threads.add(Thread.currentThread());
                if (attempt.number() < 3) {
                    throw fault(Category.SERVER_ERROR);
                }
                return "hello";
            });

            assertThat(answer).isEqualTo("hello");
            real.awaitAllReturned();
        }
        assertThat(threads).containsExactly(caller, caller, caller);
    }

    @Test
    void attemptThatRunsTooLongIsInterruptedAndRepeated() {
        clock = whenInside(() -> holdfast.time.advance(SECOND));
        boolean[] interruptedAtTheSecond = new boolean[1];

        String answer = blocking.call(AB, timeout(SECOND), attempt -> {
            if (attempt.number() == 1) {
                stuck();
            }
            interruptedAtTheSecond[0] = Thread.currentThread().isInterrupted();
            return attempt.target().name();
        });

        assertThat(answer).isEqualTo("b/two");
        assertThat(interruptedAtTheSecond[0]).isFalse();
        assertThat(holdfast.events(CallEvent.AttemptFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failure().category()).isEqualTo(Category.TIMEOUT));
    }

    @Test
    void attemptIsNotInterruptedBeforeItsTime() {
        CountDownLatch passed = new CountDownLatch(1);
        clock = whenInside(() -> {
            holdfast.time.advance(SECOND.minusNanos(1));
            passed.countDown();
        });

        String answer = blocking.call(A, timeout(SECOND), attempt -> {
            inside.countDown();
            passed.await();
            return "just in time";
        });

        assertThat(answer).isEqualTo("just in time");
        holdfast.time.advance(Duration.ofMinutes(20));
    }

    @Test
    void resultThatComesAfterTheTimeoutIsVoid() {
        clock = whenInside(() -> holdfast.time.advance(SECOND));

        String answer = blocking.call(AB, timeout(SECOND), attempt -> {
            if (attempt.number() > 1) {
                return "in time";
            }
            inside.countDown();
            while (!Thread.interrupted()) {
                Thread.onSpinWait();
            }
            clock.join();
            return "too late";
        });

        assertThat(answer).isEqualTo("in time");
    }

    @Test
    void deadlineInterruptsTheAttemptAndEndsTheCall() {
        clock = whenInside(() -> holdfast.time.advance(SECOND));

        assertThatThrownBy(() -> blocking.call(A, CallOptions.deadline(SECOND), attempt -> {
                    return stuck();
                }))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessage("the call's deadline passed after 1 s, 1 attempt");
    }

    @Test
    void callWithinACallHasAWatchOfItsOwn() {
        clock = whenInside(() -> holdfast.time.advance(SECOND));
        Targets other = Targets.named("c/three");

        String answer = blocking.call(A, outer -> {
            CallFailedException inner = catchThrowableOfType(
                    CallFailedException.class,
                    () -> blocking.call(other, timeout(SECOND).withMaxAttempts(1), attempt -> {
                        return stuck();
                    }));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return inner.category().word();
        });

        assertThat(answer).isEqualTo("timeout");
    }

    @Test
    void interruptOfTheCallerWhileItWaitsEndsTheCall() {
        start(() -> {
            while (!(LockSupport.getBlocker(caller) instanceof Call<?, ?>)) {
                Thread.onSpinWait();
            }
            caller.interrupt();
        });

        CallFailedException error = catchThrowableOfType(
                CallFailedException.class,
                () -> blocking.call(A, attempt -> {
                    throw fault(Category.SERVER_ERROR);
                }));

        assertThat(error.category()).isEqualTo(Category.CANCELLED);
        assertThat(error).hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(error.report().attempts()).hasSize(1);
        assertThat(Thread.interrupted()).as("it stays interrupted").isTrue();
        assertThat(holdfast.ends()).containsExactly(Outcome.CANCELLED);
    }

    @Test
    void interruptThatTheAttemptMetIsPassedOnToTheCaller() {
        CallFailedException error = catchThrowableOfType(
                CallFailedException.class,
                () -> blocking.call(A, attempt -> {
                    throw new InterruptedException();
                }));

        assertThat(error.category()).isEqualTo(Category.CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void cancellationThatNobodyInterruptedLeavesTheThreadAlone() {
        CallFailedException error = catchThrowableOfType(
                CallFailedException.class,
                () -> blocking.call(A, attempt -> {
                    throw fault(Category.CANCELLED);
                }));

        assertThat(error.category()).isEqualTo(Category.CANCELLED);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void exceptionsAreThrownAsTheyAre() {
        IOException reset = new IOException("reset");
        AssertionError wrong = new AssertionError("wrong");

        assertThatThrownBy(() -> blocking.call(A, CallOptions.none().withMaxAttempts(1), attempt -> {
                    throw reset;
                }))
                .isInstanceOf(CallFailedException.class)
                .hasCause(reset);
        assertThatThrownBy(() -> blocking.call(A, attempt -> {
                    throw wrong;
                }))
                .isSameAs(wrong);
        holdfast.engine.forceOpen(A.order().get(0));
        assertThatThrownBy(() -> blocking.call(A, attempt -> "unused"))
                .isInstanceOf(CallRejectedException.class)
                .hasMessage("the circuit of a/one is held open by hand");
    }

    @Test
    void reportTellsOfEachAttemptAndOfTheirTimes() {
        CallResult<String> result = blocking.callWithReport(AB, CallOptions.none(), attempt -> {
            holdfast.time.advance(SECOND.multipliedBy(attempt.number()));
            attempt.usage(attempt.number(), 10);
            if (attempt.number() == 1) {
                throw fault(Category.NETWORK);
            }
            return "hello";
        });

        assertThat(result.value()).isEqualTo("hello");
        CallReport report = result.report();
        assertThat(report.elapsed()).isEqualTo(SECOND.multipliedBy(3));
        assertThat(report.waited()).isZero();
        AttemptReport first = report.attempts().get(0);
        assertThat(first.failure().category()).isEqualTo(Category.NETWORK);
        assertThat(report.attempts())
                .containsExactly(
                        new AttemptReport(
                                1,
                                AB.order().get(0),
                                Outcome.FAILURE,
                                first.failure(),
                                Duration.ZERO,
                                SECOND,
                                true,
                                1,
                                10,
                                false),
                        new AttemptReport(
                                2,
                                AB.order().get(1),
                                Outcome.SUCCESS,
                                null,
                                Duration.ZERO,
                                SECOND.multipliedBy(2),
                                false,
                                2,
                                10,
                                false));
    }

    @Test
    void reportTellsOfTheWaitsBetween() {
        try (RealHoldfast real = soonAgain()) {
            CallResult<String> result = real.engine.blocking().callWithReport(A, CallOptions.none(), attempt -> {
                if (attempt.number() == 1) {
                    throw fault(Category.SERVER_ERROR);
                }
                return "hello";
            });

            CallReport report = result.report();
            assertThat(report.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(2));
            assertThat(report.attempts())
                    .extracting(AttemptReport::waited)
                    .containsExactly(Duration.ZERO, report.waited());
            real.awaitAllReturned();
        }
    }

    @Test
    void blockingCallsAreNotHedged() {
        VirtualHoldfast hedged = new VirtualHoldfast(config -> config.withHedge(HedgeConfig.after(SECOND)));

        String answer = hedged.engine.blocking().call(AB, attempt -> {
            hedged.time.advance(SECOND.multipliedBy(5));
            return "hello " + attempt.number();
        });

        assertThat(answer).isEqualTo("hello 1");
        assertThat(hedged.events(CallEvent.HedgeStarted.class)).isEmpty();
        hedged.assertAllReturned();
    }

    @Test
    void oneSweepServesManyAttemptsAndIsNoLeak() {
        for (int i = 0; i < 10; i++) {
            blocking.call(A, attempt -> "hello");
        }

        assertThat(holdfast.time.pending()).isEqualTo(1);
        assertThat(holdfast.engine.info().timers()).isZero();
        holdfast.time.advance(Duration.ofMinutes(10));
        assertThat(holdfast.time.pending()).isZero();
    }

    @Test
    void sweepThatComesTooEarlyForAnAttemptComesAgain() {
        blocking.call(A, timeout(SECOND), attempt -> "arms a sweep in a second");
        clock = whenInside(() -> {
            holdfast.time.advance(SECOND);
            holdfast.time.advance(SECOND);
        });

        CallFailedException error = catchThrowableOfType(
                CallFailedException.class,
                () -> blocking.call(A, timeout(SECOND.multipliedBy(2)).withMaxAttempts(1), attempt -> {
                    return stuck();
                }));

        assertThat(error.category()).isEqualTo(Category.TIMEOUT);
        assertThat(holdfast.time.nanos()).isEqualTo(SECOND.toNanos() * 2);
    }

    private static CallOptions timeout(Duration limit) {
        return CallOptions.none().withTimeouts(TimeoutConfig.defaults().withAttempt(limit));
    }

    private static RealHoldfast soonAgain() {
        return new RealHoldfast(builder ->
                builder.config(ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(2)))));
    }

    /** An attempt that only an interrupt ends. */
    private String stuck() throws InterruptedException {
        inside.countDown();
        try {
            new CountDownLatch(1).await();
            return "unused";
        } catch (InterruptedException e) {
            clock.join();
            throw e;
        }
    }

    private Thread whenInside(Runnable action) {
        return start(() -> {
            try {
                inside.await();
                action.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static Thread start(Runnable action) {
        Thread thread = new Thread(action);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
