// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.TargetEvent;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.retry.RetryBudget;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * Two attempts of one call under way: one that is slow to commit and its hedge. It stands in the call's slot instead of an
 * attempt. The first of the two that commits decides the call and the other one is cancelled; if one fails, the other goes on
 * as if it had been alone.
 *
 * <p>The start of the hedge, the failure of one, the victory of one and the leaving of the caller each take the lock of the
 * race, so that what they tell and note stays in order. No code of users runs under it.
 */
final class Race<T> {
    private final Call<T, ?> call;

    // written under the lock of this
    private volatile @Nullable AttemptRun<T> slow;
    private volatile @Nullable AttemptRun<T> hedge;

    private Race(Call<T, ?> call, AttemptRun<T> slow) {
        this.call = call;
        this.slow = slow;
    }

    /** The attempt has been slow for as long as hedges wait. */
    static <T> void start(Call<T, ?> call, AttemptRun<T> slow) {
        AttemptRun<T> hedge;
        Race<T> race = new Race<>(call, slow);
        synchronized (race) {
            if (!call.swap(slow, race)) {
                return;
            }
            hedge = race.acquire(slow, call.engine.ticker.nanos());
            if (hedge == null) {
                call.swap(race, slow);
                return;
            }
            hedge.markHedge();
            race.hedge = hedge;
            if (call.isHeard()) {
                CallEvents.hedgeStarted(call, slow, hedge);
                CallEvents.attemptStarted(call, hedge);
            }
        }
        call.runHedge(hedge);
    }

    private @Nullable AttemptRun<T> acquire(AttemptRun<T> slowOne, long nowNanos) {
        int here = call.indexOf(slowOne.targetState());
        Plan plan = call.plan();
        if (plan.started() == 0) {
            plan.start(here);
        }
        boolean late = Nanos.left(call.deadlineNanos, nowNanos)
                <= Nanos.of(call.engine.config.retry().minUseful());
        if (late || plan.started() >= call.maxAttempts()) {
            return null;
        }
        for (int i = 0; i < call.targetCount(); i++) {
            TargetState target = call.target(i);
            if (!plan.tried(i) && !plan.excluded(i) && !plan.triedDomain(target.domain(), call.route.states)) {
                AttemptRun<T> hedge = acquireAt(i, nowNanos);
                if (hedge != null) {
                    return hedge;
                }
            }
        }
        return acquireAt(here, nowNanos);
    }

    private @Nullable AttemptRun<T> acquireAt(int index, long nowNanos) {
        TargetState target = call.target(index);
        if (target.circuit().state() != CircuitState.CLOSED
                || target.domain().pausedUntilNanos(nowNanos) > nowNanos
                || !target.credential().usable(nowNanos)) {
            return null;
        }
        RetryBudget budget = target.budget();
        int cost = budget.cost(false);
        if (!budget.tryWithdraw(cost, nowNanos)) {
            if (call.engine.events.on()) {
                call.engine.events.emit(
                        new TargetEvent.BudgetExhausted(target.target(), budget.tokens(nowNanos), cost));
            }
            return null;
        }
        AttemptRun<T> hedge = Acquisition.hedge(call, index, cost, nowNanos);
        if (hedge == null) {
            budget.deposit(cost, nowNanos);
        }
        return hedge;
    }

    boolean has(Object attempt) {
        return attempt == slow || attempt == hedge;
    }

    private @Nullable AttemptRun<T> rival(AttemptRun<T> attempt) {
        return attempt == slow ? hedge : slow;
    }

    /**
     * One of the two has committed.
     *
     * @return false when the race is over, and then the call's slot must be looked at again
     */
    boolean won(AttemptRun<T> winner, long nowNanos) {
        AttemptRun<T> loser;
        synchronized (this) {
            if (!call.endRace(this)) {
                return false;
            }
            loser = rival(winner);
            if (loser != null) {
                int index = call.indexOf(loser.targetState());
                call.plan().add(loser, index, Outcome.CANCELLED, null, nowNanos - loser.startNanos(), false);
                if (call.isHeard()) {
                    CallEvents.attemptCancelled(call, loser, nowNanos);
                    if (winner == hedge) {
                        CallEvents.hedgeWon(call, winner, nowNanos);
                    }
                }
            }
        }
        if (loser != null) {
            loser.lostRace(nowNanos);
        }
        return true;
    }

    /**
     * One of the two has failed: it is noted, and the other one goes on.
     *
     * @return false when the race is over, and then the call's slot must be looked at again
     */
    synchronized boolean failed(AttemptRun<T> attempt, Outcome outcome, Failure failure, long nowNanos) {
        AttemptRun<T> other = rival(attempt);
        if (other == null || !call.isCurrent(this)) {
            return false;
        }
        call.note(attempt, outcome, failure, nowNanos);
        call.decision().note(call.indexOf(attempt.targetState()), failure, nowNanos);
        if (attempt == slow) {
            slow = null;
        } else {
            hedge = null;
        }
        // When the caller has left meanwhile, it deals with the one that is left here.
        call.swap(this, other);
        return true;
    }

    /** The caller has left: both are cancelled. Returns one of them. */
    AttemptRun<T> left(long nowNanos) {
        AttemptRun<T> first;
        AttemptRun<T> second;
        synchronized (this) {
            first = slow;
            second = hedge;
        }
        AttemptRun<T> last = null;
        if (first != null) {
            leave(first, nowNanos);
            last = first;
        }
        if (second != null) {
            leave(second, nowNanos);
            last = second;
        }
        if (last == null) {
            throw new IllegalStateException("a race without attempts");
        }
        return last;
    }

    private void leave(AttemptRun<T> attempt, long nowNanos) {
        attempt.callerLeft();
        if (call.isHeard()) {
            CallEvents.attemptCancelled(call, attempt, nowNanos);
        }
    }
}
