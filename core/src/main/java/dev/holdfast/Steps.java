// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.CallRejectedException.Obstacle;
import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import java.time.Duration;

/**
 * How a call moves from step to step: the first target, the way on after a failure, the stop. Used by the owner of the call's
 * step only; functions rather than an object, because a call that succeeds at once needs none.
 */
final class Steps {
    private Steps() {}

    /**
     * The owner looks for a target for an attempt of a call in which nothing has failed yet: the first one that can start at
     * once or nearly so; else a place in a queue; else the pause or the pacer's moment that is over first.
     */
    static <T> void first(Call<T, ?> call, long nowNanos) {
        if (nowNanos >= call.deadlineNanos) {
            overdue(call, nowNanos);
            return;
        }
        int soonest = -1;
        long soonestNanos = Nanos.NEVER;
        int full = -1;
        for (int i = 0; i < call.targetCount(); i++) {
            TargetState target = call.target(i);
            long atNanos = target.domain().pausedUntilNanos(nowNanos);
            boolean paused = atNanos > nowNanos;
            if (!paused) {
                atNanos = Acquisition.start(call, i, nowNanos, 0);
                if (atNanos == Acquisition.STARTED) {
                    return;
                }
                if (atNanos == Acquisition.FULL) {
                    if (queuesHere(call, i) && Waits.queued(call, i, nowNanos, 0)) {
                        return;
                    }
                    target.unreserve(call.options.tokens(), nowNanos, nowNanos);
                    full = full < 0 ? i : full;
                }
            }
            if (atNanos < 0 || (paused && !target.usable(nowNanos))) {
                continue;
            }
            if (atNanos - nowNanos <= Nanos.of(call.engine.config.retry().waitHere())
                    && call.decision().unreachable(atNanos, nowNanos) == null) {
                await(call, i, nowNanos, atNanos, paused);
                return;
            }
            if (!paused) {
                target.unreserve(call.options.tokens(), atNanos, nowNanos);
            }
            if (atNanos < soonestNanos) {
                soonest = i;
                soonestNanos = atNanos;
            }
        }
        lastResort(call, full, soonest, soonestNanos, nowNanos);
    }

    /**
     * A target whose slots are all taken is worth a short wait in its queue before the next one is asked, because the order
     * of targets is what the user prefers. Not one that is just coming back: it takes what its ramp allows, and all others go
     * on at once; and not one that shares its tier with others.
     */
    private static boolean queuesHere(Call<?, ?> call, int index) {
        return !call.target(index).admission().recovering() && !call.hasPeer(index);
    }

    private static <T> void await(Call<T, ?> call, int index, long nowNanos, long atNanos, boolean paused) {
        if (paused) {
            Waits.until(call, index, nowNanos, atNanos, 0);
        } else {
            Waits.paced(call, index, nowNanos, atNanos, 0);
        }
    }

    private static <T> void lastResort(Call<T, ?> call, int full, int soonest, long soonestNanos, long nowNanos) {
        if (full >= 0 && queuedAfterAll(call, full, nowNanos)) {
            return;
        }
        if (soonest >= 0 && call.decision().unreachable(soonestNanos, nowNanos) == null) {
            TargetState target = call.target(soonest);
            CallEvents.pauseAwaited(call, target, soonestNanos - nowNanos);
            boolean paused = target.domain().pausedUntilNanos(nowNanos) > nowNanos;
            long atNanos = paused ? soonestNanos : target.reserve(call.options.tokens(), nowNanos);
            await(call, soonest, nowNanos, Math.max(nowNanos, atNanos), paused);
        } else if (full >= 0) {
            call.reject(Endings.ownLimit(call, full, Obstacle.QUEUE, Nanos.NEVER, nowNanos), nowNanos);
        } else if (soonest >= 0 && call.target(soonest).domain().pausedUntilNanos(nowNanos) <= nowNanos) {
            call.reject(Endings.ownLimit(call, soonest, Obstacle.PACE, soonestNanos, nowNanos), nowNanos);
        } else {
            call.reject(Endings.rejected(call, nowNanos), nowNanos);
        }
    }

    private static <T> boolean queuedAfterAll(Call<T, ?> call, int index, long nowNanos) {
        TargetState target = call.target(index);
        long atNanos = target.reserve(call.options.tokens(), nowNanos);
        if (atNanos <= nowNanos && Waits.queued(call, index, nowNanos, 0)) {
            return true;
        }
        if (atNanos > nowNanos && call.decision().unreachable(atNanos, nowNanos) == null) {
            Waits.paced(call, index, nowNanos, atNanos, 0);
            return true;
        }
        target.unreserve(call.options.tokens(), atNanos, nowNanos);
        return false;
    }

    static <T> void go(Call<T, ?> call, Step step, long nowNanos) {
        if (step instanceof Step.FailOver over) {
            CallEvents.failedOver(call, call.plan(), over.index());
            Waits.until(call, over.index(), nowNanos, over.atNanos(), 0);
        } else if (step instanceof Step.Retry retry) {
            CallEvents.retryScheduled(call, call.plan(), retry.index(), retry.atNanos() - nowNanos);
            Waits.until(call, retry.index(), nowNanos, retry.atNanos(), retry.paid());
        } else {
            stop(call, (Step.Stop) step, nowNanos);
        }
    }

    /** The deadline has come, or so little is left of it that an attempt would be useless. */
    static void overdue(Call<?, ?> call, long nowNanos) {
        if (call.knownPlan() == null || call.plan().failure() == null) {
            Failure failure = Failure.of(Category.TIMEOUT, "engine.deadline", "no time was left for an attempt")
                    .withSent(false);
            call.end(Endings.deadline(call, failure, nowNanos), failure, nowNanos);
        } else {
            stop(call, new Step.Stop(StopReason.DEADLINE, Nanos.NEVER), nowNanos);
        }
    }

    static void stop(Call<?, ?> call, Step.Stop stop, long nowNanos) {
        Failure failure = call.plan().failure();
        if (failure == null) {
            throw new IllegalStateException("a call stops only after a failure");
        }
        if (failure.hint() == null && stop.returnAtNanos() != Nanos.NEVER) {
            failure = failure.withHint(Duration.ofNanos(Nanos.left(stop.returnAtNanos(), nowNanos)));
        }
        if (stop.reason() != StopReason.HOPELESS) {
            CallEvents.exhausted(call, call.plan(), stop.reason(), nowNanos);
        }
        call.end(Endings.failed(call, failure, stop.reason(), nowNanos), failure, nowNanos);
    }
}
