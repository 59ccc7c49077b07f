// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.Permit;
import dev.holdfast.limit.Admission;
import dev.holdfast.limit.Dimension;
import dev.holdfast.target.Target;
import dev.holdfast.target.internal.TargetState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The first attempt of a call, while its function runs on the caller's thread, for as long as nothing more is needed: nobody
 * listens, and all that an attempt acquires was free. Where the function succeeds at once, this is all there ever was of the
 * call. Whatever else happens makes the {@link Call} with its {@link AttemptRun}, which takes over what is held here: the
 * function fails or goes on, its time is up, or more is asked of the attempt than where it goes.
 *
 * <p>The thread that ran the function says that the attempt is over, or some thread lets an {@link AttemptRun} take over
 * ({@link Handover}); one that comes too late is void, and stays, so that a handle that is used afterwards still has one id.
 * Only a handle that the function gave to another thread, the watch of blocking attempts or a close can come at the same
 * moment.
 */
abstract sealed class FirstTry<T> extends Handover<AttemptRun<T>> implements Attempt
        permits AsyncFirstTry, BlockingFirstTry {
    final Route route;
    final CallOptions options;
    final long deadlineNanos;

    /** Takes over what {@link #permit} and {@link #slot} gave. */
    FirstTry(Route route, CallOptions options, long startNanos, long deadlineNanos, Permit permit, int slot) {
        super(route.states[0], permit, slot, startNanos);
        this.route = route;
        this.options = options;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * The permit of a first target that is at rest, which need not be given back.
     *
     * @return null where anything stands in the way of a first try
     */
    static @Nullable Permit permit(Holdfast engine, Route route, long nowNanos, long deadlineNanos) {
        return engine.attention.isPaid() || nowNanos >= deadlineNanos ? null : route.states[0].permitAtRest(nowNanos);
    }

    /**
     * Takes a slot for which the pacer lets an attempt start now.
     *
     * @return {@link Admission#FULL} where there is none; then nothing is held
     */
    static int slot(Route route, CallOptions options, long nowNanos) {
        TargetState target = route.states[0];
        long atNanos = target.reserve(options.tokens(), nowNanos);
        int slot = atNanos > nowNanos ? Admission.FULL : target.admission().tryEnter(nowNanos);
        if (slot == Admission.FULL) {
            target.unreserve(options.tokens(), atNanos, nowNanos);
        } else {
            target.used(nowNanos);
        }
        return slot;
    }

    /** Makes the call that goes on, with what is held here in the hands of its attempt. */
    @Override
    abstract AttemptRun<T> successor();

    final Holdfast engine() {
        return route.owner;
    }

    @Override
    final void isVoid(AttemptRun<T> late) {
        late.isVoid();
    }

    public final boolean isEnded() {
        AttemptRun<T> attempt = taker();
        return attempt == null ? isOver() : attempt.isEnded();
    }

    @Override
    public final Target target() {
        return target.target();
    }

    @Override
    public final int number() {
        return 1;
    }

    @Override
    public final int maxAttempts() {
        return whole().maxAttempts();
    }

    @Override
    public final String callId() {
        return whole().callId();
    }

    @Override
    public final CallContext context() {
        return whole().context();
    }

    @Override
    public final Duration timeLeft() {
        return whole().timeLeft();
    }

    @Override
    public final TimeoutConfig timeouts() {
        return whole().timeouts();
    }

    @Override
    public final void onCancel(Runnable action) {
        whole().onCancel(action);
    }

    @Override
    public final void usage(long inputTokens, long outputTokens) {
        whole().usage(inputTokens, outputTokens);
    }

    /** Nobody observes the call: an observer would have been asked where it began. */
    @Override
    public final void tell(Object fact) {}

    @Override
    public final void rateLimit(Dimension dimension, long limit, long remaining, Duration untilReset) {
        whole().rateLimit(dimension, limit, remaining, untilReset);
    }

    @Override
    public final OngoingAttempt goesOn() {
        return whole().goesOn();
    }
}
