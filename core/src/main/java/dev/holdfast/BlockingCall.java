// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.internal.TargetState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A call whose attempts all run on the caller's thread. Timers, timeouts and decisions are those of any call; only the start
 * of an attempt is handed to the thread that waits here.
 */
final class BlockingCall<T> extends Call<T, T> {
    private final Thread owner = Thread.currentThread();

    /** The attempt that is to start; there is one at most, because a call has one owner of its step. */
    private final AtomicReference<@Nullable Runnable> next = new AtomicReference<>();

    BlockingCall(
            Holdfast engine,
            TargetState[] targets,
            BlockingAttemptFunction<T> function,
            CallOptions options,
            long startedNanos,
            long deadlineNanos) {
        super(engine, targets, attempt -> run(function, attempt), options, startedNanos, deadlineNanos);
    }

    private static <T> CompletableFuture<T> run(BlockingAttemptFunction<T> function, Attempt attempt) throws Exception {
        Interrupter interrupter = new Interrupter(Thread.currentThread());
        ((AttemptRun<?>) attempt).guard(interrupter);
        try {
            return CompletableFuture.completedFuture(function.run(attempt));
        } finally {
            interrupter.finish();
        }
    }

    @Override
    Executor attemptExecutor() {
        return this::hand;
    }

    private void hand(Runnable attempt) {
        next.set(attempt);
        LockSupport.unpark(owner);
        if (isOver()) {
            // The owner may have stopped looking; what is left to do then runs no code of users.
            runNext();
        }
    }

    private boolean runNext() {
        Runnable attempt = next.getAndSet(null);
        if (attempt != null) {
            attempt.run();
        }
        return attempt != null;
    }

    @Override
    void over() {
        LockSupport.unpark(owner);
    }

    /** Runs the call to its end on this thread. */
    T await() {
        begin();
        while (!isDone()) {
            if (runNext()) {
                continue;
            }
            if (Thread.interrupted()) {
                interrupted();
            } else {
                LockSupport.park(this);
            }
        }
        runNext();
        return value();
    }

    private void interrupted() {
        Failure failure = Failure.of(Category.CANCELLED, "engine.interrupted", "the calling thread was interrupted")
                .withCause(new InterruptedException());
        completeExceptionally(Endings.failed(this, failure, StopReason.HOPELESS, engine.ticker.nanos()));
        Thread.currentThread().interrupt();
    }

    private T value() {
        if (!isCompletedExceptionally()) {
            return join();
        }
        Throwable error = Errors.of(this);
        if (error instanceof CallException failed && failed.category() == Category.CANCELLED) {
            restoreInterrupt(failed);
        }
        if (error instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (error instanceof Error fatal) {
            throw fatal;
        }
        throw new IllegalStateException("a call ends with an unchecked exception", error);
    }

    /** The function was interrupted by somebody else than the watchdog: whoever did it meant this thread. */
    private static void restoreInterrupt(CallException failed) {
        if (Errors.unwrap(failed.getCause() == null ? failed : failed.getCause()) instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
