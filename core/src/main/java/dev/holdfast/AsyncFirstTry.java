// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.Permit;
import dev.holdfast.limit.Dimension;
import dev.holdfast.target.Target;
import dev.holdfast.target.internal.Pass;
import dev.holdfast.target.internal.TargetState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The first attempt of a call, while its function runs on the caller's thread, for as long as nothing more is needed: nobody
 * listens, and all that an attempt acquires was free. Where the function returns what is complete already, this is all
 * there ever was of the call. Whatever else happens makes the {@link Call} with its {@link AttemptRun}, which takes over what
 * is held here: the function fails or returns what completes later, or more is asked of the attempt than where it goes.
 *
 * <p>Memory ordering: the thread that ran the function says {@link #over}, gives back, and then looks whether an attempt took
 * over meanwhile; a thread that lets one take over publishes it as {@link #rest} first and then looks whether it is over. What
 * lies between on the first way are atomic operations, so at least one of the two sees the other, and the attempt is void:
 * it holds nothing. Only a handle that the function gave to another thread can come so late, or one that is used afterwards.
 */
final class FirstTry<T> extends Grant implements Attempt {
    private static final VarHandle REST;
    private static final VarHandle OVER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REST = lookup.findVarHandle(FirstTry.class, "rest", AttemptRun.class);
            OVER = lookup.findVarHandle(FirstTry.class, "over", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Holdfast engine;
    private final Route route;
    private final AttemptFunction<T> function;
    private final CallOptions options;
    private final long deadlineNanos;

    @SuppressWarnings("FieldMayBeFinal") // changed through REST
    private volatile @Nullable AttemptRun<T> rest;

    @SuppressWarnings("FieldMayBeFinal") // changed through OVER
    private volatile boolean over;

    private FirstTry(
            Holdfast engine,
            Route route,
            AttemptFunction<T> function,
            CallOptions options,
            long startNanos,
            long deadlineNanos,
            Permit permit,
            int slot) {
        super(route.states[0], permit, Pass.FREE, slot, startNanos, 0);
        this.engine = engine;
        this.route = route;
        this.function = function;
        this.options = options;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Takes what the first target has free.
     *
     * @return null where anything stands in the way; then nothing is held
     */
    static <T> @Nullable FirstTry<T> acquire(
            Holdfast engine,
            Route route,
            AttemptFunction<T> function,
            CallOptions options,
            long nowNanos,
            long deadlineNanos) {
        TargetState target = route.states[0];
        if (engine.attention.isPaid() || nowNanos >= deadlineNanos || !target.atRest(nowNanos)) {
            return null;
        }
        long atNanos = target.reserve(options.tokens(), nowNanos);
        int slot = atNanos > nowNanos ? -1 : target.admission().tryEnter(nowNanos);
        Permit permit = slot < 0 ? null : target.circuit().tryAcquireClosed();
        if (permit == null) {
            if (slot >= 0) {
                target.admission().leave(slot, nowNanos);
            }
            target.unreserve(options.tokens(), atNanos, nowNanos);
            return null;
        }
        target.used(nowNanos);
        return new FirstTry<>(engine, route, function, options, nowNanos, deadlineNanos, permit, slot);
    }

    /** Runs the function; the result is the caller's. */
    CompletableFuture<T> run() {
        CompletionStage<T> stage;
        try {
            stage = engine.start(function, this, null);
        } catch (Throwable error) {
            AttemptRun<T> attempt = whole();
            attempt.failed(error);
            return attempt.future();
        }
        if (rest == null
                && stage instanceof CompletableFuture<T> future
                && future.isDone()
                && !future.isCompletedExceptionally()) {
            return succeededAtOnce(future.join());
        }
        AttemptRun<T> attempt = whole();
        attempt.returned(stage);
        return attempt.future();
    }

    /** No time has passed that is worth a look at the clock. */
    private CompletableFuture<T> succeededAtOnce(@Nullable T value) {
        OVER.setRelease(this, true);
        succeed(false, startNanos);
        AttemptRun<T> late = rest;
        if (late != null) {
            late.isVoid();
        }
        if (engine.attention.isPaid()) {
            engine.shutdown.check();
        }
        return CompletableFuture.completedFuture(value);
    }

    /** What took over, made now if nothing has. */
    private AttemptRun<T> whole() {
        AttemptRun<T> known = rest;
        if (known == null) {
            Call<T, T> call = new Call<>(engine, route, function, options, startNanos, deadlineNanos);
            AttemptRun<T> made = call.adopt(this);
            known = REST.compareAndSet(this, null, made) ? made : Objects.requireNonNull(rest);
            if (over) {
                known.isVoid();
            }
        }
        return known;
    }

    @Override
    public Target target() {
        return target.target();
    }

    @Override
    public int number() {
        return 1;
    }

    @Override
    public int maxAttempts() {
        return whole().maxAttempts();
    }

    @Override
    public String callId() {
        return whole().callId();
    }

    @Override
    public CallContext context() {
        return whole().context();
    }

    @Override
    public Duration timeLeft() {
        return whole().timeLeft();
    }

    @Override
    public TimeoutConfig timeouts() {
        return whole().timeouts();
    }

    @Override
    public void onCancel(Runnable action) {
        whole().onCancel(action);
    }

    @Override
    public void usage(long inputTokens, long outputTokens) {
        whole().usage(inputTokens, outputTokens);
    }

    /** Nobody observes the call: an observer would have been asked where it began. */
    @Override
    public void tell(Object fact) {}

    @Override
    public void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset) {
        whole().rateLimit(dimension, limit, remaining, untilReset);
    }

    @Override
    public OngoingAttempt goesOn() {
        return whole().goesOn();
    }
}
