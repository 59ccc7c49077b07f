// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.CallRejectedException.Obstacle;
import dev.holdfast.event.StopReason;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;

/**
 * How a call waits and how it goes on after it: for a moment, for the pacer, or for its turn in a target's queue. Whatever
 * ends a wait (its time, its turn, a change at the target) only makes the call look again. Used by the owner of a call's
 * step.
 */
final class Waits {
    private Waits() {}

    /** Waits for a moment, if only for its turn on the executor; the deadline needs no timer because no wait outlasts it. */
    static <T> void until(Call<T, ?> call, int index, long nowNanos, long atNanos, int paid) {
        begin(call, new Wait(call, index, nowNanos, atNanos, paid), nowNanos);
    }

    /** Waits for the moment that the pacer has reserved, holding the reservation. */
    static <T> void paced(Call<T, ?> call, int index, long nowNanos, long atNanos, int paid) {
        begin(call, new Wait.Paced(call, index, nowNanos, atNanos, paid), nowNanos);
    }

    private static <T> void begin(Call<T, ?> call, Wait wait, long nowNanos) {
        if (!call.take(wait)) {
            wait.giveBack(nowNanos);
            call.tellLeft(null);
        } else if (wait.untilNanos() > nowNanos) {
            wait.arm(call.engine.timer);
        } else {
            call.wake(wait);
        }
    }

    /**
     * Waits for its turn at a target, holding the reservation; false when there is no room in the queue, and then nothing is
     * changed. Where there are other targets the first look at them comes after {@code waitHere}.
     */
    static <T> boolean queued(Call<T, ?> call, int index, long nowNanos, int paid) {
        long endNanos = queueEndNanos(call, index, nowNanos);
        if (endNanos <= nowNanos) {
            return false;
        }
        long lookNanos = call.targetCount() > 1
                ? Nanos.add(nowNanos, Nanos.of(call.engine.config.retry().waitHere()))
                : endNanos;
        Wait.Queued wait = new Wait.Queued(call, index, nowNanos, Math.min(lookNanos, endNanos), endNanos, paid);
        if (!wait.join(nowNanos)) {
            return false;
        }
        CallEvents.queued(call, call.target(index));
        begin(call, wait, nowNanos);
        return true;
    }

    /** Nobody waits longer than {@code maxWait}, nor until a moment that leaves too little of the deadline. */
    private static long queueEndNanos(Call<?, ?> call, int index, long nowNanos) {
        long mostNanos = Nanos.add(nowNanos, Nanos.of(call.engine.config.retry().maxWait()));
        return Math.min(mostNanos, lastStartNanos(call, index));
    }

    /**
     * From then on a slot is lost on this call: it would rather be cut by its deadline than come to its end, and whoever is
     * next in line would be as late. (An overload that all who wait share does not end that way: each attempt is cut, none
     * of them is evidence against the target, and none is an answer.) No call is asked for more than half of all its time.
     */
    private static long lastStartNanos(Call<?, ?> call, int index) {
        if (call.deadlineNanos == Nanos.NEVER) {
            return Nanos.NEVER;
        }
        long halfNanos = (call.deadlineNanos - call.startedNanos) / 2;
        long usualNanos = Math.min(call.target(index).usefulNanos(), Math.min(call.attemptNanos(), halfNanos));
        return call.deadlineNanos - Math.max(Nanos.of(call.engine.config.retry().minUseful()), usualNanos);
    }

    /** The wait has ended, for whatever reason. */
    static <T> void resume(Call<T, ?> call, Wait wait) {
        long nowNanos = call.engine.ticker.nanos();
        if (call.isOver()) {
            wait.giveBack(nowNanos);
            call.tellLeft(null);
            return;
        }
        call.plan().waited(nowNanos - wait.sinceNanos);
        if (nowNanos >= call.deadlineNanos) {
            wait.giveBack(nowNanos);
            Steps.overdue(call, nowNanos);
        } else if (wait instanceof Wait.Queued queued) {
            resumeQueued(call, queued, nowNanos);
        } else if (wait instanceof Wait.Paced) {
            resumePaced(call, wait, nowNanos);
        } else if (call.plan().failure() == null) {
            Steps.first(call, nowNanos);
        } else {
            resumeRetry(call, wait, nowNanos);
        }
    }

    private static <T> void resumeRetry(Call<T, ?> call, Wait wait, long nowNanos) {
        TargetState target = call.target(wait.index);
        long pausedUntilNanos = target.domain().pausedUntilNanos(nowNanos);
        long atNanos = Math.max(call.plan().notBeforeNanos(wait.index), pausedUntilNanos);
        if (atNanos <= nowNanos) {
            goOn(call, wait, Acquisition.start(call, wait.index, nowNanos, wait.paid), nowNanos);
        } else if (atNanos <= wait.untilNanos() && target.usable(nowNanos)) {
            until(call, wait.index, nowNanos, atNanos, wait.paid);
        } else {
            goOn(call, wait, Acquisition.REJECTED, nowNanos);
        }
    }

    private static <T> void resumePaced(Call<T, ?> call, Wait wait, long nowNanos) {
        if (!stands(call.target(wait.index), nowNanos)) {
            call.target(wait.index).unreserve(call.options.tokens(), wait.untilNanos(), nowNanos);
            goOn(call, wait, Acquisition.REJECTED, nowNanos);
        } else if (wait.untilNanos() > nowNanos) {
            paced(call, wait.index, nowNanos, wait.untilNanos(), wait.paid);
        } else {
            goOn(call, wait, Acquisition.enter(call, wait.index, nowNanos, wait.paid), nowNanos);
        }
    }

    private static boolean stands(TargetState target, long nowNanos) {
        return target.usable(nowNanos) && target.domain().pausedUntilNanos(nowNanos) <= nowNanos;
    }

    /** After the try to start on the target that was waited for. */
    private static <T> void goOn(Call<T, ?> call, Wait wait, long result, long nowNanos) {
        if (result == Acquisition.STARTED) {
            return;
        }
        TargetState target = call.target(wait.index);
        boolean noRoom = false;
        if (result > 0) {
            if (call.decision().unreachable(result, nowNanos) == null) {
                paced(call, wait.index, nowNanos, result, wait.paid);
                return;
            }
            target.unreserve(call.options.tokens(), result, nowNanos);
            noRoom = true;
        } else if (result == Acquisition.FULL) {
            if (queued(call, wait.index, nowNanos, wait.paid)) {
                return;
            }
            target.unreserve(call.options.tokens(), nowNanos, nowNanos);
            noRoom = true;
        }
        target.budget().deposit(wait.paid, nowNanos);
        if (noRoom) {
            call.plan().exclude(wait.index);
        }
        elsewhere(call, nowNanos);
    }

    private static <T> void elsewhere(Call<T, ?> call, long nowNanos) {
        if (call.plan().failure() == null) {
            Steps.first(call, nowNanos);
        } else {
            Steps.go(call, call.decision().afterRejection(nowNanos), nowNanos);
        }
    }

    private static <T> void resumeQueued(Call<T, ?> call, Wait.Queued wait, long nowNanos) {
        if (!stands(call.target(wait.index), nowNanos)) {
            wait.giveBack(nowNanos);
            elsewhere(call, nowNanos);
        } else if (wait.slot() >= 0
                && nowNanos > lastStartNanos(call, wait.index)
                && call.target(wait.index).admission().queued() > 0) {
            wait.giveBack(nowNanos);
            Steps.overdue(call, nowNanos);
        } else if (wait.slot() >= 0) {
            boolean started = Acquisition.admitted(call, wait.index, nowNanos, wait.paid, wait.slot());
            goOn(call, wait, started ? Acquisition.STARTED : Acquisition.REJECTED, nowNanos);
        } else if (wait.evicted() || nowNanos >= wait.endNanos) {
            wait.giveBack(nowNanos);
            queueFailed(call, wait.index, nowNanos);
        } else if (nowNanos < wait.untilNanos() || !wentElsewhere(call, wait, nowNanos)) {
            wait.goOn(nowNanos);
            begin(call, wait, nowNanos);
        }
    }

    /** Its turn has not come within {@code waitHere}: where another target is free, the call goes there. */
    private static <T> boolean wentElsewhere(Call<T, ?> call, Wait.Queued wait, long nowNanos) {
        if (call.plan().failure() != null) {
            return false;
        }
        for (int i = 0; i < call.targetCount(); i++) {
            TargetState target = call.target(i);
            if (i != wait.index
                    && stands(target, nowNanos)
                    && target.admission().hasFreeSlot()) {
                wait.giveBack(nowNanos);
                long result = Acquisition.start(call, i, nowNanos, 0);
                if (result == Acquisition.FULL || result > 0) {
                    target.unreserve(call.options.tokens(), result > 0 ? result : nowNanos, nowNanos);
                }
                if (result != Acquisition.STARTED) {
                    Steps.first(call, nowNanos);
                }
                return true;
            }
        }
        return false;
    }

    private static <T> void queueFailed(Call<T, ?> call, int index, long nowNanos) {
        if (nowNanos >= lastStartNanos(call, index)) {
            Steps.overdue(call, nowNanos);
        } else if (call.plan().failure() == null) {
            call.reject(Endings.ownLimit(call, index, Obstacle.QUEUE, Nanos.NEVER, nowNanos), nowNanos);
        } else {
            Steps.stop(call, new Step.Stop(StopReason.WAIT_TOO_LONG, Nanos.NEVER), nowNanos);
        }
    }
}
