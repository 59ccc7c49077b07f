// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A call whose attempts all run on the caller's thread. Timers, timeouts and decisions are those of any call; only the start
 * of an attempt is handed to the thread that waits here.
 */
class BlockingCall<T, R> extends Call<T, R> {
    private static final Object INTERRUPTING = new Object();
    private static final Object INTERRUPTED = new Object();
    private static final VarHandle NEXT;
    private static final VarHandle IN_CODE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(BlockingCall.class, "next", Runnable.class);
            IN_CODE = lookup.findVarHandle(BlockingCall.class, "inCode", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Thread owner;

    /** The value of the attempt that succeeded, once {@link #answered}; both are used by the owner alone. */
    private @Nullable R result;

    private boolean answered;

    /** Null once the call is over; used by the owner alone. */
    private @Nullable BlockingAttemptFunction<T> code;

    /** The attempt that is to start; there is one at most, because a call has one owner of its step. */
    private volatile @Nullable Runnable next;

    /**
     * The attempt whose code runs on the owner, while it may be interrupted; then {@link #INTERRUPTING} and {@link
     * #INTERRUPTED}. So the interrupt of a timed-out attempt never reaches what the thread does next.
     */
    private volatile @Nullable Object inCode;

    BlockingCall(
            Holdfast engine,
            Route route,
            BlockingAttemptFunction<T> code,
            CallOptions options,
            long startedNanos,
            long deadlineNanos,
            Thread owner) {
        super(engine, route, BlockingCall::noStage, options, startedNanos, deadlineNanos);
        this.code = code;
        this.owner = owner;
    }

    private static <T> CompletionStage<T> noStage(Attempt attempt) {
        throw new IllegalStateException("an attempt of a blocking call has no stage: " + attempt.target());
    }

    @Override
    void invoke(AttemptFunction<T> unused, AttemptRun<T> attempt) {
        // Whoever interrupts has found the attempt by what is published after this: its place or its own handle.
        IN_CODE.setRelease(this, attempt);
        int place = engine.blockingWatch.enter(attempt, attempt.dueNanos(), owner);
        if (place == BlockingWatch.NOWHERE) {
            attempt.arm();
        }
        T value;
        try {
            value = engine.run(Objects.requireNonNull(code), attempt, observed());
        } catch (Throwable error) {
            threw(attempt, error, place);
            return;
        }
        returned(attempt, value, place);
    }

    /** The place is left last: in it a call is found that has not come to its next step, and is not over. */
    private void returned(AttemptRun<T> attempt, @Nullable T value, int place) {
        if (!attempt.returnedHere(value) && !attempt.succeeded(value, attempt.nowNanos())) {
            codeReturned(attempt);
        }
        engine.blockingWatch.leave(place);
    }

    /** See {@link #returned}. */
    private void threw(AttemptRun<T> attempt, Throwable error, int place) {
        codeReturned(attempt);
        attempt.failed(error);
        engine.blockingWatch.leave(place);
    }

    /** As {@link #adopt}, while the attempt's code runs on the owner; any thread. */
    final AttemptRun<T> adoptInCode(BlockingFirstTry<T> first) {
        AttemptRun<T> attempt = adopt(first);
        IN_CODE.setRelease(this, attempt);
        return attempt;
    }

    /** Runs the call to its end on this thread, now that the code of an adopted attempt has returned; leaves its place. */
    final R goOnWith(AttemptRun<T> adopted, @Nullable T value, int place) {
        returned(adopted, value, place);
        return awaitLong();
    }

    /** As {@link #goOnWith} for code that threw. */
    final R goOnAfter(AttemptRun<T> adopted, Throwable error, int place) {
        threw(adopted, error, place);
        return awaitLong();
    }

    @Override
    void succeededHere(AttemptRun<T> attempt, @Nullable T value, long nowNanos) {
        if (endHere(attempt, nowNanos)) {
            result = visible(value, attempt, nowNanos);
            answered = true;
        }
    }

    @Override
    void cutShort(AttemptRun<?> attempt) {
        if (IN_CODE.compareAndSet(this, attempt, INTERRUPTING)) {
            owner.interrupt();
            inCode = INTERRUPTED;
        }
    }

    private void codeReturned(AttemptRun<T> attempt) {
        if (IN_CODE.compareAndSet(this, attempt, null)) {
            return;
        }
        while (inCode == INTERRUPTING) {
            Thread.onSpinWait();
        }
        // Ours, and if somebody else interrupted at the same moment it cannot be told apart.
        Thread.interrupted();
    }

    @Override
    boolean hedges() {
        return false;
    }

    @Override
    Executor attemptExecutor() {
        return this::hand;
    }

    private void hand(Runnable attempt) {
        next = attempt;
        wakeOwner();
        if (isOver()) {
            // The owner may have stopped looking; what is left to do then runs no code of users.
            runNext();
        }
    }

    private boolean runNext() {
        Runnable attempt = next == null ? null : (Runnable) NEXT.getAndSet(this, null);
        if (attempt != null) {
            attempt.run();
        }
        return attempt != null;
    }

    @Override
    void over() {
        wakeOwner();
    }

    private void wakeOwner() {
        if (Thread.currentThread() != owner) {
            LockSupport.unpark(owner);
        }
    }

    /** Runs the call to its end on this thread. */
    @SuppressWarnings("NullAway") // the value is as nullable as what the attempt yields
    final R await() {
        begin();
        if (answered) {
            engine.shutdown.check();
            return result;
        }
        return awaitLong();
    }

    @SuppressWarnings("NullAway") // see above
    private R awaitLong() {
        while (!answered && !isDone()) {
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
        code = null;
        engine.shutdown.check();
        return answered ? result : value();
    }

    private void interrupted() {
        Failure failure = Failure.of(Category.CANCELLED, "engine.interrupted", "the calling thread was interrupted")
                .withCause(new InterruptedException());
        completeExceptionally(Endings.failed(this, failure, StopReason.HOPELESS, engine.ticker.nanos()));
        Thread.currentThread().interrupt();
    }

    private R value() {
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
