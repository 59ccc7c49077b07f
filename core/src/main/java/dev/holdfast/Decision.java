// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.StopReason;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Reach;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.retry.RetryBudget;
import dev.holdfast.retry.RetryConfig;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a call does after a failure: elsewhere at once, here again after a wait, or nothing. Looks at the plan of the
 * call and at the targets; its only traces are the pause of a throttled domain and the withdrawal for a retry.
 */
final class Decision {
    /** A stated wait gets at most this much on top, so that callers who were told the same moment spread. */
    private static final long MOST_HINT_JITTER_NANOS = 1_000_000_000L;

    private final Holdfast engine;
    private final TargetState[] targets;
    private final Plan plan;
    private final long deadlineNanos;
    private final int maxAttempts;

    Decision(Holdfast engine, TargetState[] targets, Plan plan, long deadlineNanos, int maxAttempts) {
        this.engine = engine;
        this.targets = targets;
        this.plan = plan;
        this.deadlineNanos = deadlineNanos;
        this.maxAttempts = maxAttempts;
    }

    /** The attempt on a target failed. */
    Step afterFailure(int index, Failure failure, boolean harmfulToRepeat, long nowNanos) {
        note(index, failure, nowNanos);
        boolean here = failure.scope() == RetryScope.SAME_TARGET;
        if (failure.scope() == RetryScope.NEVER) {
            return new Step.Stop(StopReason.HOPELESS, Nanos.NEVER);
        }
        if (harmfulToRepeat) {
            return new Step.Stop(StopReason.SIDE_EFFECTS, Nanos.NEVER);
        }
        Duration hint = failure.hint();
        if (here && hint != null && hint.compareTo(config().waitHere()) <= 0 && plan.started() < maxAttempts) {
            Step stay = again(index, index + 1, nowNanos);
            if (stay instanceof Step.Retry) {
                return stay;
            }
        }
        return next(nowNanos);
    }

    /** Takes in what a failure says about its target and domain, without deciding anything. */
    void note(int index, Failure failure, long nowNanos) {
        long waitNanos = waitNanos(failure, plan.attemptsOn(index));
        pauseDomain(index, failure, waitNanos, nowNanos);
        if (failure.scope() == RetryScope.SAME_TARGET) {
            plan.notBefore(index, Nanos.add(nowNanos, waitNanos));
        } else {
            exclude(index, failure.category());
        }
    }

    /** The target that was to be next rejects. */
    Step afterRejection(long nowNanos) {
        return next(nowNanos);
    }

    private Step next(long nowNanos) {
        if (plan.started() >= maxAttempts) {
            return new Step.Stop(StopReason.ATTEMPTS_USED, returnAtNanos(nowNanos));
        }
        Step elsewhere = failOver(nowNanos);
        return elsewhere != null ? elsewhere : again(0, targets.length, nowNanos);
    }

    /** A usable target in a domain that this call has not tried, in order; null when there is none. */
    private @Nullable Step failOver(long nowNanos) {
        if (Nanos.left(deadlineNanos, nowNanos) <= Nanos.of(config().minUseful())) {
            return null;
        }
        Step busy = null;
        for (int i = 0; i < targets.length; i++) {
            TargetState target = targets[i];
            if (!plan.tried(i)
                    && !plan.excluded(i)
                    && !plan.triedDomain(target.domain(), targets)
                    && target.usable(nowNanos)) {
                long atNanos = Math.max(nowNanos, target.domain().pausedUntilNanos(nowNanos));
                if (atNanos - nowNanos <= Nanos.of(config().waitHere()) && unreachable(atNanos, nowNanos) == null) {
                    if (target.admission().hasFreeSlot()) {
                        return new Step.FailOver(i, atNanos);
                    }
                    busy = busy == null ? new Step.FailOver(i, atNanos) : busy;
                }
            }
        }
        return busy;
    }

    /** The usable target of this range with the shortest wait, among those where another attempt can help. */
    private Step again(int from, int to, long nowNanos) {
        Failure failure = Objects.requireNonNull(plan.failure());
        Integer limit = config().attemptsPerCategory().get(failure.category());
        if (limit != null && plan.failuresOf(failure.category()) >= limit) {
            return new Step.Stop(StopReason.ATTEMPTS_USED, returnAtNanos(nowNanos));
        }
        int best = -1;
        long bestAtNanos = Nanos.NEVER;
        boolean rejected = false;
        for (int i = from; i < to; i++) {
            if (plan.excluded(i)) {
                continue;
            }
            if (!targets[i].usable(nowNanos)) {
                rejected = true;
                continue;
            }
            long atNanos = againAtNanos(i, nowNanos);
            if (atNanos < bestAtNanos) {
                best = i;
                bestAtNanos = atNanos;
            }
        }
        if (best < 0) {
            StopReason why = rejected ? StopReason.CIRCUIT_OPEN : StopReason.HOPELESS;
            return new Step.Stop(why, returnAtNanos(nowNanos));
        }
        StopReason tooFar = unreachable(bestAtNanos, nowNanos);
        return tooFar != null ? new Step.Stop(tooFar, bestAtNanos) : paid(best, bestAtNanos, failure, nowNanos);
    }

    private Step paid(int index, long atNanos, Failure failure, long nowNanos) {
        RetryBudget budget = targets[index].budget();
        int cost = budget.cost(failure.category() == Category.RATE_LIMIT || failure.category() == Category.OVERLOADED);
        if (budget.tryWithdraw(cost, nowNanos)) {
            return new Step.Retry(index, atNanos, cost);
        }
        if (engine.events.on()) {
            engine.events.emit(new TargetEvent.BudgetExhausted(targets[index].target(), budget.tokens(nowNanos), cost));
        }
        return new Step.Stop(StopReason.BUDGET_EMPTY, atNanos);
    }

    /** An untried target in a tried domain waits like a first retry, so that no domain is asked again without a wait. */
    private long againAtNanos(int index, long nowNanos) {
        boolean newInTriedDomain = !plan.tried(index) && plan.triedDomain(targets[index].domain(), targets);
        if (newInTriedDomain && plan.notBeforeNanos(index) == 0) {
            plan.notBefore(index, Nanos.add(nowNanos, config().backoff().nanos(1, engine.random)));
        }
        long pausedUntil = targets[index].domain().pausedUntilNanos(nowNanos);
        return Math.max(nowNanos, Math.max(plan.notBeforeNanos(index), pausedUntil));
    }

    /** Why a call would not wait until this moment; null when it would. */
    @Nullable
    StopReason unreachable(long atNanos, long nowNanos) {
        if (Nanos.add(plan.waitedForNextNanos(), atNanos - nowNanos) > Nanos.of(config().maxWait())) {
            return StopReason.WAIT_TOO_LONG;
        }
        boolean late = Nanos.add(atNanos, Nanos.of(config().minUseful())) > deadlineNanos;
        return late ? StopReason.DEADLINE : null;
    }

    /** A stated wait is never shortened: the longer of it and the backoff, and up to a tenth of it on top. */
    private long waitNanos(Failure failure, int attemptsThere) {
        long backoffNanos = config().backoff().nanos(Math.max(1, attemptsThere), engine.random);
        Duration hint = failure.hint();
        if (hint == null) {
            return backoffNanos;
        }
        long hintNanos = Nanos.of(hint);
        long leastNanos = Math.max(hintNanos, backoffNanos);
        // What we add must not make a wait too long that was not.
        long roomNanos = Math.max(0, Nanos.of(config().maxWait()) - leastNanos);
        long most = Math.min(Math.min(hintNanos / 10, MOST_HINT_JITTER_NANOS), roomNanos);
        return Nanos.add(leastNanos, engine.random.nextLong(most + 1));
    }

    private void pauseDomain(int index, Failure failure, long waitNanos, long nowNanos) {
        Duration hint = failure.hint();
        // Behind a passed-through credential each caller has a limit of its own.
        boolean shared =
                failure.reach() != Reach.REQUEST && !targets[index].target().passThrough();
        if (failure.category() == Category.RATE_LIMIT && shared) {
            long pauseNanos = hint != null ? Nanos.of(hint) : waitNanos;
            targets[index].domain().pause(Nanos.add(nowNanos, pauseNanos), nowNanos);
        }
    }

    private void exclude(int index, Category category) {
        if (category == Category.RATE_LIMIT || category == Category.QUOTA_EXHAUSTED) {
            plan.exclude(targets[index].domain(), targets);
        } else {
            plan.exclude(index);
        }
    }

    /** The earliest moment at which any target could serve again. */
    private long returnAtNanos(long nowNanos) {
        long earliest = Nanos.NEVER;
        for (int i = 0; i < targets.length; i++) {
            if (!plan.excluded(i)) {
                long atNanos = Math.max(targets[i].returnAtNanos(nowNanos), plan.notBeforeNanos(i));
                earliest = Math.min(earliest, atNanos);
            }
        }
        return earliest <= nowNanos ? Nanos.NEVER : earliest;
    }

    private RetryConfig config() {
        return engine.config.retry();
    }
}
