// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.CallEvent;
import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Target;
import dev.holdfast.target.internal.TargetState;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts the steps of a call into events. Hot callers ask first whether anybody listens; the rest is asked here. */
final class CallEvents {
    private CallEvents() {}

    /** Observations know of it, having begun with it. */
    static void started(Call<?, ?> call) {
        call.engine.events.emit(start(call));
    }

    static CallEvent.CallStarted start(Call<?, ?> call) {
        return new CallEvent.CallStarted(
                call.id(), Stream.of(call.route.states).map(TargetState::target).toList(), call.maxAttempts());
    }

    private static void tell(Call<?, ?> call, CallEvent event) {
        call.engine.events.emit(event);
        Observed observed = call.observed();
        if (observed != null) {
            observed.tell(event);
        }
    }

    static void attemptStarted(Call<?, ?> call, AttemptRun<?> attempt) {
        tell(
                call,
                new CallEvent.AttemptStarted(
                        call.id(),
                        attempt.target(),
                        attempt.number(),
                        call.maxAttempts(),
                        attempt.targetState().circuit().state(),
                        attempt.isProbe()));
    }

    static void succeeded(Call<?, ?> call, AttemptRun<?> attempt, long nowNanos) {
        committed(call, attempt, nowNanos);
        attemptSucceeded(call, attempt, nowNanos);
        ended(call, Outcome.SUCCESS, null, attempt.target(), nowNanos);
    }

    static void committed(Call<?, ?> call, AttemptRun<?> attempt, long nowNanos) {
        tell(
                call,
                new CallEvent.AttemptCommitted(
                        call.id(), attempt.target(), attempt.number(), call.maxAttempts(), since(attempt, nowNanos)));
    }

    private static void attemptSucceeded(Call<?, ?> call, AttemptRun<?> attempt, long nowNanos) {
        tell(
                call,
                new CallEvent.AttemptSucceeded(
                        call.id(),
                        attempt.target(),
                        attempt.number(),
                        call.maxAttempts(),
                        since(attempt, nowNanos),
                        attempt.inputTokens(),
                        attempt.outputTokens()));
        if (attempt.number() > 1) {
            tell(
                    call,
                    new CallEvent.RetrySucceeded(
                            call.id(),
                            attempt.target(),
                            attempt.number(),
                            call.maxAttempts(),
                            since(attempt, nowNanos)));
        }
    }

    static void endedAfterCommit(
            Call<?, ?> call, AttemptRun<?> attempt, Outcome outcome, @Nullable Failure failure, long nowNanos) {
        switch (outcome) {
            case SUCCESS -> attemptSucceeded(call, attempt, nowNanos);
            case CANCELLED -> attemptCancelled(call, attempt, nowNanos);
            case FAILURE, IGNORED -> attemptFailed(call, attempt, outcome, Objects.requireNonNull(failure), nowNanos);
        }
        ended(call, outcome == Outcome.IGNORED ? Outcome.FAILURE : outcome, failure, attempt.target(), nowNanos);
    }

    static void attemptFailed(Call<?, ?> call, AttemptRun<?> attempt, Outcome outcome, Failure failure, long nowNanos) {
        tell(
                call,
                new CallEvent.AttemptFailed(
                        call.id(),
                        attempt.target(),
                        attempt.number(),
                        call.maxAttempts(),
                        outcome,
                        failure,
                        attempt.targetState().circuit().state(),
                        since(attempt, nowNanos),
                        attempt.inputTokens(),
                        attempt.outputTokens()));
    }

    static void attemptCancelled(Call<?, ?> call, AttemptRun<?> attempt, long nowNanos) {
        tell(
                call,
                new CallEvent.AttemptCancelled(
                        call.id(),
                        attempt.target(),
                        attempt.number(),
                        call.maxAttempts(),
                        since(attempt, nowNanos),
                        attempt.inputTokens(),
                        attempt.outputTokens()));
    }

    static void failedOver(Call<?, ?> call, Plan plan, int to) {
        Failure failure = plan.failure();
        if (call.isHeard() && failure != null) {
            Target from = call.target(plan.failedIndex()).target();
            tell(
                    call,
                    new CallEvent.FailedOver(
                            call.id(),
                            from,
                            call.target(to).target(),
                            plan.started() + 1,
                            call.maxAttempts(),
                            failure));
        }
    }

    static void retryScheduled(Call<?, ?> call, Plan plan, int index, long delayNanos) {
        Failure failure = plan.failure();
        if (call.isHeard() && failure != null) {
            tell(
                    call,
                    new CallEvent.RetryScheduled(
                            call.id(),
                            call.target(index).target(),
                            plan.started() + 1,
                            call.maxAttempts(),
                            failure,
                            Duration.ofNanos(delayNanos)));
        }
    }

    static void pauseAwaited(Call<?, ?> call, TargetState target, long delayNanos) {
        if (call.isHeard()) {
            tell(call, new CallEvent.PauseAwaited(call.id(), target.target(), Duration.ofNanos(delayNanos)));
        }
    }

    static void queued(Call<?, ?> call, TargetState target) {
        if (call.isHeard()) {
            Plan plan = call.knownPlan();
            tell(
                    call,
                    new CallEvent.AdmissionQueued(
                            call.id(),
                            target.target(),
                            (plan == null ? 0 : plan.started()) + 1,
                            call.maxAttempts(),
                            target.admission().queued()));
        }
    }

    static void hedgeStarted(Call<?, ?> call, AttemptRun<?> slow, AttemptRun<?> hedge) {
        tell(
                call,
                new CallEvent.HedgeStarted(
                        call.id(),
                        slow.target(),
                        hedge.target(),
                        hedge.number(),
                        call.maxAttempts(),
                        since(slow, hedge.startNanos())));
    }

    static void hedgeWon(Call<?, ?> call, AttemptRun<?> hedge, long nowNanos) {
        tell(
                call,
                new CallEvent.HedgeWon(
                        call.id(), hedge.target(), hedge.number(), call.maxAttempts(), since(hedge, nowNanos)));
    }

    static void exhausted(Call<?, ?> call, Plan plan, StopReason reason, long nowNanos) {
        Failure failure = plan.failure();
        if (call.isHeard() && failure != null) {
            tell(
                    call,
                    new CallEvent.RetriesExhausted(
                            call.id(),
                            call.target(plan.failedIndex()).target(),
                            plan.started(),
                            call.maxAttempts(),
                            failure,
                            reason,
                            Duration.ofNanos(nowNanos - call.startedNanos)));
        }
    }

    static void rejected(Call<?, ?> call, CallRejectedException rejection, long nowNanos) {
        tell(
                call,
                new CallEvent.CallRejected(
                        call.id(), rejection.category(), rejection.retryAfter(), rejection.getMessage()));
        ended(call, Outcome.FAILURE, rejection.reason(), null, nowNanos);
    }

    static void ended(
            Call<?, ?> call, Outcome outcome, @Nullable Failure failure, @Nullable Target target, long nowNanos) {
        Plan plan = call.knownPlan();
        tell(
                call,
                new CallEvent.CallEnded(
                        call.id(),
                        outcome,
                        failure == null ? null : failure.category(),
                        target,
                        plan == null ? (target == null ? 0 : 1) : plan.started(),
                        Duration.ofNanos(plan == null ? 0 : plan.waitedNanos()),
                        Duration.ofNanos(nowNanos - call.startedNanos)));
    }

    private static Duration since(AttemptRun<?> attempt, long nowNanos) {
        return Duration.ofNanos(nowNanos - attempt.startNanos());
    }
}
