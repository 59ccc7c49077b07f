// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.event;

import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fact about one call. Attempts are counted from 1; {@code elapsed} is since the call or the attempt began. */
public sealed interface CallEvent extends HoldfastEvent {
    /** Identifies the call, also over nested calls. */
    String callId();

    /** Exactly one per call. */
    record CallStarted(String callId, List<Target> targets, int maxAttempts) implements CallEvent {}

    /** Exactly one per call, after everything else; for a stream at its end. */
    record CallEnded(
            String callId,
            Outcome outcome,
            @Nullable Category category,
            @Nullable Target target,
            int attempts,
            Duration waited,
            Duration elapsed)
            implements CallEvent {}

    record AttemptStarted(
            String callId, Target target, int attempt, int maxAttempts, CircuitState circuit, boolean probe)
            implements CallEvent {}

    /** The result became visible to the caller; from here on nothing is repeated. */
    record AttemptCommitted(String callId, Target target, int attempt, int maxAttempts, Duration elapsed)
            implements CallEvent {}

    /** Tokens as the attempt told them, else 0. */
    record AttemptSucceeded(
            String callId,
            Target target,
            int attempt,
            int maxAttempts,
            Duration elapsed,
            long inputTokens,
            long outputTokens)
            implements CallEvent {}

    /**
     * The attempt failed, or ended in a way that is no evidence about the target ({@code outcome} ignored). Tokens as the attempt
     * told them before, else 0.
     */
    record AttemptFailed(
            String callId,
            Target target,
            int attempt,
            int maxAttempts,
            Outcome outcome,
            Failure failure,
            CircuitState circuit,
            Duration elapsed,
            long inputTokens,
            long outputTokens)
            implements CallEvent {}

    /** Tokens as the attempt told them before, else 0. */
    record AttemptCancelled(
            String callId,
            Target target,
            int attempt,
            int maxAttempts,
            Duration elapsed,
            long inputTokens,
            long outputTokens)
            implements CallEvent {}

    /** Another attempt on a target that was tried before starts after the delay; {@code attempt} is its number. */
    record RetryScheduled(String callId, Target target, int attempt, int maxAttempts, Failure failure, Duration delay)
            implements CallEvent {}

    /** An attempt that was not the first succeeded. */
    record RetrySucceeded(String callId, Target target, int attempt, int maxAttempts, Duration elapsed)
            implements CallEvent {}

    /** The call ends with a failure that another attempt might have cured. */
    record RetriesExhausted(
            String callId,
            Target target,
            int attempts,
            int maxAttempts,
            Failure failure,
            StopReason reason,
            Duration elapsed)
            implements CallEvent {}

    /** The next attempt, with this number, goes to another target. */
    record FailedOver(String callId, Target from, Target to, int attempt, int maxAttempts, Failure failure)
            implements CallEvent {}

    /** All slots of the target are taken: the call waits for its turn, as one of {@code queued}. */
    record AdmissionQueued(String callId, Target target, int attempt, int maxAttempts, int queued)
            implements CallEvent {}

    /** The attempt on {@code slow} has not committed for this long: another one, with this number, runs beside it. */
    record HedgeStarted(String callId, Target slow, Target target, int attempt, int maxAttempts, Duration after)
            implements CallEvent {}

    /** The hedge has committed first; the attempt that it was started beside has been cancelled. */
    record HedgeWon(String callId, Target target, int attempt, int maxAttempts, Duration elapsed)
            implements CallEvent {}

    /** Every usable target is paused; the call waits for the one that is back first. */
    record PauseAwaited(String callId, Target target, Duration delay) implements CallEvent {}

    /** No target was usable and no attempt was made; {@code retryAfter} is null where no return time is known. */
    record CallRejected(
            String callId, Category category, @Nullable Duration retryAfter, String reason) implements CallEvent {}
}
