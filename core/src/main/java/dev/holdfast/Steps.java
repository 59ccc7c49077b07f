// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.Permit;
import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.internal.Pass;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import java.time.Duration;

/**
 * How a call moves from step to step: the first target, the acquisition, the wait, the way on after it, the stop. Used by
 * the owner of the call's step only; functions rather than an object, because a call that succeeds at once needs none.
 */
final class Steps {
    private Steps() {}

    /** The owner looks for a target for the first attempt: the first usable one, else the pause that ends first. */
    static <T> void first(Call<T, ?> call, long nowNanos) {
        if (nowNanos >= call.deadlineNanos) {
            Failure failure = Failure.of(Category.TIMEOUT, "engine.deadline", "no time was left for an attempt")
                    .withSent(false);
            call.end(Endings.deadline(call, failure, nowNanos), failure, nowNanos);
            return;
        }
        int paused = -1;
        long pauseEndNanos = Nanos.NEVER;
        for (int i = 0; i < call.targets.length; i++) {
            long untilNanos = call.targets[i].domain().pausedUntilNanos(nowNanos);
            if (untilNanos <= nowNanos) {
                if (start(call, i, nowNanos, 0)) {
                    return;
                }
            } else if (call.targets[i].usable(nowNanos)) {
                if (untilNanos - nowNanos <= Nanos.of(call.engine.config.retry().waitHere())
                        && call.decision().unreachable(untilNanos, nowNanos) == null) {
                    await(call, i, nowNanos, untilNanos, 0);
                    return;
                }
                if (untilNanos < pauseEndNanos) {
                    paused = i;
                    pauseEndNanos = untilNanos;
                }
            }
        }
        if (paused >= 0 && call.decision().unreachable(pauseEndNanos, nowNanos) == null) {
            CallEvents.pauseAwaited(call, call.targets[paused], pauseEndNanos - nowNanos);
            await(call, paused, nowNanos, pauseEndNanos, 0);
        } else {
            call.reject(Endings.rejected(call, nowNanos), nowNanos);
        }
    }

    /** Takes all that an attempt needs, outermost first, or nothing; then starts it. False when the target rejects. */
    private static <T> boolean start(Call<T, ?> call, int index, long nowNanos, int paid) {
        TargetState target = call.targets[index];
        long longestNanos = Math.min(call.attemptNanos(), Nanos.left(call.deadlineNanos, nowNanos));
        long leaseNanos = Nanos.add(longestNanos, Holdfast.LEASE_MARGIN_NANOS);
        Pass pass = target.credential().acquire(nowNanos, leaseNanos);
        if (pass == Pass.NO) {
            return false;
        }
        Permit permit = target.circuit().tryAcquire(nowNanos, leaseNanos);
        if (permit == null) {
            target.credential().ended(pass, false, null, target, nowNanos);
            return false;
        }
        target.enter(nowNanos);
        Plan known = index == 0 ? call.knownPlan() : call.plan();
        int number = known == null ? 1 : known.start(index);
        call.run(new AttemptRun<>(call, target, permit, pass, nowNanos, number, paid));
        return true;
    }

    static <T> void go(Call<T, ?> call, Step step, long nowNanos) {
        if (step instanceof Step.FailOver over) {
            CallEvents.failedOver(call, call.plan(), over.index());
            await(call, over.index(), nowNanos, over.atNanos(), 0);
        } else if (step instanceof Step.Retry retry) {
            CallEvents.retryScheduled(call, call.plan(), retry.index(), retry.atNanos() - nowNanos);
            await(call, retry.index(), nowNanos, retry.atNanos(), retry.paid());
        } else {
            stop(call, (Step.Stop) step, nowNanos);
        }
    }

    /** Waits, if only for its turn on the executor; the deadline needs no timer because no wait outlasts it. */
    private static <T> void await(Call<T, ?> call, int index, long nowNanos, long atNanos, int paid) {
        Wait wait = new Wait(call, call.targets[index], index, nowNanos, atNanos, paid);
        if (!call.take(wait)) {
            call.targets[index].budget().deposit(paid, nowNanos);
            call.tellLeft(null);
        } else if (atNanos > nowNanos) {
            wait.arm(call.engine.timer);
        } else {
            call.wake(wait);
        }
    }

    static <T> void resume(Call<T, ?> call, Wait wait) {
        long nowNanos = call.engine.ticker.nanos();
        if (call.isOver()) {
            call.targets[wait.index].budget().deposit(wait.paid, nowNanos);
            call.tellLeft(null);
            return;
        }
        Plan known = call.plan();
        known.waited(nowNanos - wait.sinceNanos);
        if (known.failure() == null) {
            first(call, nowNanos);
            return;
        }
        long atNanos = Math.max(
                known.notBeforeNanos(wait.index),
                call.targets[wait.index].domain().pausedUntilNanos(nowNanos));
        boolean overdue = nowNanos >= call.deadlineNanos;
        if (!overdue && atNanos > nowNanos && atNanos <= wait.untilNanos && call.targets[wait.index].usable(nowNanos)) {
            await(call, wait.index, nowNanos, atNanos, wait.paid);
        } else if (overdue || atNanos > nowNanos || !start(call, wait.index, nowNanos, wait.paid)) {
            call.targets[wait.index].budget().deposit(wait.paid, nowNanos);
            go(
                    call,
                    overdue
                            ? new Step.Stop(StopReason.DEADLINE, Nanos.NEVER)
                            : call.decision().afterRejection(nowNanos),
                    nowNanos);
        }
    }

    private static <T> void stop(Call<T, ?> call, Step.Stop stop, long nowNanos) {
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
