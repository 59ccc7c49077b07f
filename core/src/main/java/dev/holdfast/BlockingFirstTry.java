// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.Permit;
import dev.holdfast.limit.Admission;
import dev.holdfast.time.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * The {@link FirstTry} of a blocking call: it is enough where the function returns in time. While it runs it is watched as
 * it is; whoever ends it from outside lets an attempt take over first, and only that can be interrupted. So the thread that
 * ends it alone meets no interrupt of ours, neither then nor later.
 */
final class BlockingFirstTry<T> extends FirstTry<T> implements Watched {
    private final BlockingAttemptFunction<T> code;
    private final Thread owner;

    private BlockingFirstTry(
            Route route,
            BlockingAttemptFunction<T> code,
            CallOptions options,
            long startNanos,
            long deadlineNanos,
            Permit permit,
            int slot) {
        super(route, options, startNanos, deadlineNanos, permit, slot);
        this.code = code;
        this.owner = Thread.currentThread();
    }

    /**
     * Takes what the first target has free.
     *
     * @return null where anything stands in the way; then nothing is held
     */
    static <T> @Nullable BlockingFirstTry<T> acquire(
            Holdfast engine,
            Route route,
            BlockingAttemptFunction<T> code,
            CallOptions options,
            long nowNanos,
            long deadlineNanos) {
        Permit permit = permit(engine, route, nowNanos, deadlineNanos);
        int slot = permit == null ? Admission.FULL : slot(route, options, nowNanos);
        return permit == null || slot == Admission.FULL
                ? null
                : new BlockingFirstTry<>(route, code, options, nowNanos, deadlineNanos, permit, slot);
    }

    /** Runs the function, and what is left of the call where that was not the end of it; to be called by the owner. */
    @SuppressWarnings("NullAway") // the value is as nullable as what the attempt yields
    T run() {
        Holdfast engine = engine();
        int place = engine.blockingWatch.enter(this, dueNanos(), owner);
        if (place == BlockingWatch.NOWHERE) {
            whole().arm();
        }
        T value;
        try {
            value = engine.run(code, this);
        } catch (Throwable error) {
            AttemptRun<T> attempt = whole();
            return call(attempt).goOnAfter(attempt, error, place);
        }
        if (end()) {
            engine.blockingWatch.leave(place);
            succeed(false, endIsTimed() ? engine.ticker.nanos() : startNanos);
            if (engine.attention.isPaid()) {
                engine.shutdown.check();
            }
            return value;
        }
        AttemptRun<T> attempt = whole();
        return call(attempt).goOnWith(attempt, value, place);
    }

    @Override
    AttemptRun<T> successor() {
        return new BlockingCall<T, T>(engine(), route, code, options, startNanos, deadlineNanos, owner)
                .adoptInCode(this);
    }

    @SuppressWarnings("unchecked") // see successor
    private BlockingCall<T, T> call(AttemptRun<T> attempt) {
        return (BlockingCall<T, T>) attempt.future();
    }

    @Override
    public boolean isOf(Holdfast other) {
        return engine() == other;
    }

    @Override
    public long dueNanos() {
        return Math.min(Nanos.add(startNanos, engine().attemptNanos(options)), deadlineNanos);
    }

    @Override
    public void overdue(long nowNanos) {
        whole().overdue(nowNanos);
    }

    @Override
    public void shutDown() {
        AttemptRun<T> attempt = whole();
        if (!attempt.isEnded()) {
            attempt.shutDown();
        }
    }
}
