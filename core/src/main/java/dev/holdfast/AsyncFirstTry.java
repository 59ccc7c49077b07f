// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.Permit;
import dev.holdfast.limit.Admission;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The {@link FirstTry} of an asynchronous call: it is enough where the function returns a stage that is complete already. */
final class AsyncFirstTry<T> extends FirstTry<T> {
    private final AttemptFunction<T> function;

    private AsyncFirstTry(
            Route route,
            AttemptFunction<T> function,
            CallOptions options,
            long startNanos,
            long deadlineNanos,
            Permit permit,
            int slot) {
        super(route, options, startNanos, deadlineNanos, permit, slot);
        this.function = function;
    }

    /**
     * Calls with what the first target has free. The attempt is made where it runs and goes through no variable that may be
     * null: else compilers before JDK 22 cannot keep it on the stack.
     *
     * @return null where anything stands in the way; then nothing is held
     */
    static <T> @Nullable CompletableFuture<T> call(
            Holdfast engine,
            Route route,
            AttemptFunction<T> function,
            CallOptions options,
            long nowNanos,
            long deadlineNanos) {
        Permit permit = permit(engine, route, nowNanos, deadlineNanos);
        if (permit == null) {
            return null;
        }
        int slot = slot(route, options, nowNanos);
        if (slot == Admission.FULL) {
            return null;
        }
        return new AsyncFirstTry<>(route, function, options, nowNanos, deadlineNanos, permit, slot).run();
    }

    /** Runs the function; the result is the caller's. */
    private CompletableFuture<T> run() {
        CompletionStage<T> stage;
        try {
            stage = engine().start(function, this);
        } catch (Throwable error) {
            AttemptRun<T> attempt = whole();
            attempt.failed(error);
            return attempt.future();
        }
        if (stage instanceof CompletableFuture<T> future
                && future.isDone()
                && !future.isCompletedExceptionally()
                && end()) {
            return succeededAtOnce(future.join());
        }
        AttemptRun<T> attempt = whole();
        attempt.returned(stage);
        return attempt.future();
    }

    /** No time has passed that is worth a look at the clock. */
    private CompletableFuture<T> succeededAtOnce(@Nullable T value) {
        succeed(false, startNanos);
        if (engine().attention.isPaid()) {
            engine().shutdown.check();
        }
        return CompletableFuture.completedFuture(value);
    }

    @Override
    AttemptRun<T> successor() {
        return new Call<T, T>(engine(), route, function, options, startNanos, deadlineNanos).adopt(this);
    }
}
