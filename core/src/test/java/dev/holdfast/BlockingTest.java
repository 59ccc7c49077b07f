// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocking calls need a thread that waits, so these run in real time. */
@Timeout(120)
class BlockingTest {
    private static final Targets A = Targets.named("a/one");
    private static final CallOptions SHORT =
            CallOptions.none().withTimeouts(TimeoutConfig.defaults().withAttempt(Duration.ofMillis(40)));
    /** Long enough for an attempt that only returns, also on a starved machine. */
    private static final CallOptions LONGER =
            CallOptions.none().withTimeouts(TimeoutConfig.defaults().withAttempt(Duration.ofMillis(400)));

    private final RealHoldfast real = new RealHoldfast(
            builder -> builder.config(ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(2)))));

    @AfterEach
    void everythingIsBack() {
        real.awaitAllReturned();
        assertThat(Thread.interrupted()).isFalse();
        real.close();
    }

    @Test
    void allAttemptsRunOnTheCallersThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        assertThatThrownBy(() -> real.engine.blocking().call(A, attempt -> {
                    threads.add(Thread.currentThread());
                    throw fault(Category.SERVER_ERROR);
                }))
                .isInstanceOf(CallFailedException.class)
                .hasMessageContaining("3 attempts");

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void timeoutInterruptsTheAttemptAndTheInterruptDoesNotLeak() {
        int[] runs = {0};
        boolean[] flagAtSecond = {true};

        String answer = real.engine.blocking().call(A, SHORT, attempt -> {
            if (runs[0]++ == 0) {
                new CountDownLatch(1).await();
            }
            flagAtSecond[0] = Thread.currentThread().isInterrupted();
            return "hello";
        });

        assertThat(answer).isEqualTo("hello");
        assertThat(runs[0]).isEqualTo(2);
        assertThat(flagAtSecond[0]).isFalse();
    }

    @Test
    void attemptThatIgnoresItsInterruptDelaysItsCallerAndItsResultIsVoid() {
        int[] runs = {0};

        String answer = real.engine.blocking().call(A, LONGER, attempt -> {
            if (runs[0]++ == 0) {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                return "too late";
            }
            return "in time";
        });

        assertThat(answer).isEqualTo("in time");
    }

    @Test
    void interruptOfTheCallerWhileAnAttemptRunsCancelsTheCall() {
        Thread caller = Thread.currentThread();
        CountDownLatch inside = new CountDownLatch(1);
        interruptWhen(inside, caller);

        CallFailedException error = catchThrowableOfType(
                CallFailedException.class, () -> real.engine.blocking().call(A, attempt -> {
                    inside.countDown();
                    new CountDownLatch(1).await();
                    return "unused";
                }));

        assertThat(error.category()).isEqualTo(Category.CANCELLED);
        assertThat(error).hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void interruptOfTheCallerWhileItWaitsCancelsTheCall() {
        CountDownLatch failed = new CountDownLatch(1);
        interruptWhen(failed, Thread.currentThread());

        CallFailedException error = catchThrowableOfType(
                CallFailedException.class, () -> real.engine.blocking().call(A, attempt -> {
                    failed.countDown();
                    throw fault(Category.SERVER_ERROR, Duration.ofSeconds(60));
                }));

        assertThat(error.category()).isEqualTo(Category.CANCELLED);
        assertThat(error.report().attempts()).hasSize(1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(real.engine.info(A.order().get(0)).budget()).isEqualTo(500);
    }

    @Test
    void deadlineEndsABlockingCall() {
        assertThatThrownBy(
                        () -> real.engine.blocking().call(A, CallOptions.deadline(Duration.ofMillis(40)), attempt -> {
                            new CountDownLatch(1).await();
                            return "unused";
                        }))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void checkedExceptionIsTheCauseAndAnErrorIsItself() {
        IOException reset = new IOException("reset");
        assertThatThrownBy(
                        () -> real.engine.blocking().call(A, CallOptions.none().withMaxAttempts(1), attempt -> {
                            throw reset;
                        }))
                .isInstanceOf(CallFailedException.class)
                .hasCause(reset);
        AssertionError wrong = new AssertionError("wrong");
        assertThatThrownBy(() -> real.engine.blocking().call(A, attempt -> {
                    throw wrong;
                }))
                .isSameAs(wrong);
    }

    @Test
    void rejectionIsThrownUnwrapped() {
        real.engine.forceOpen(A.order().get(0));

        assertThatThrownBy(() -> real.engine.blocking().call(A, attempt -> "unused"))
                .isInstanceOf(CallRejectedException.class)
                .hasMessage("the circuit of a/one is held open by hand");
    }

    private static void interruptWhen(CountDownLatch latch, Thread caller) {
        Thread other = new Thread(() -> {
            try {
                latch.await();
                caller.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        other.setDaemon(true);
        other.start();
    }
}
