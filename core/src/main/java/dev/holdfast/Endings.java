// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.CallRejectedException.Obstacle;
import dev.holdfast.event.StopReason;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Target;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call that did not succeed tells its caller. */
final class Endings {
    private Endings() {}

    static CallFailedException failed(Call<?, ?> call, Failure failure, StopReason reason, long nowNanos) {
        CallReport report = report(call, null, nowNanos);
        CallFailedException error = new CallFailedException(message(report, failure, reason), failure, report);
        suppressEarlier(error, report);
        return error;
    }

    static DeadlineExceededException deadline(Call<?, ?> call, Failure failure, long nowNanos) {
        CallReport report = report(call, null, nowNanos);
        String after = Durations.text(Duration.ofNanos(nowNanos - call.startedNanos));
        DeadlineExceededException error = new DeadlineExceededException(
                "the call's deadline passed after " + after + ", " + attempts(report), failure, report);
        suppressEarlier(error, report);
        return error;
    }

    private static String message(CallReport report, Failure failure, StopReason reason) {
        StringBuilder text = new StringBuilder();
        if (!report.attempts().isEmpty()) {
            text.append(last(report).target()).append(": ");
        }
        text.append(failure.category()).append(", ").append(failure.message());
        text.append(" (")
                .append(attempts(report))
                .append("; stopped: ")
                .append(reason)
                .append(')');
        return text.toString();
    }

    private static String attempts(CallReport report) {
        int count = report.attempts().size();
        return count == 1 ? "1 attempt" : count + " attempts";
    }

    private static AttemptReport last(CallReport report) {
        return report.attempts().get(report.attempts().size() - 1);
    }

    private static void suppressEarlier(Throwable error, CallReport report) {
        for (AttemptReport attempt : report.attempts()) {
            Failure failure = attempt.failure();
            Throwable cause = failure == null ? null : failure.cause();
            if (cause != null && cause != error.getCause()) {
                error.addSuppressed(cause);
            }
        }
    }

    /** The value of a call together with how it was obtained. */
    @SuppressWarnings("NullAway") // the value is as nullable as what the attempt yields
    static <T> CallResult<T> result(Call<T, ?> call, @Nullable T value, AttemptRun<T> attempt, long nowNanos) {
        AttemptReport success = attempt.report(
                Outcome.SUCCESS, null, call.waitedForNextNanos(), nowNanos - attempt.startNanos(), false);
        return new CallResult<>(value, report(call, success, nowNanos));
    }

    /** What was tried so far, and the attempt that succeeded where one did. */
    static CallReport report(Call<?, ?> call, @Nullable AttemptReport success, long nowNanos) {
        Plan plan = call.knownPlan();
        List<AttemptReport> attempts = new ArrayList<>(plan == null ? List.of() : plan.reports(call.route.states));
        if (success != null) {
            attempts.add(success);
        }
        // Of a race the later attempt may have ended first.
        attempts.sort(Comparator.comparingInt(AttemptReport::number));
        return new CallReport(
                call.id(),
                attempts,
                Duration.ofNanos(plan == null ? 0 : plan.waitedNanos()),
                Duration.ofNanos(nowNanos - call.startedNanos));
    }

    static CallRejectedException closed(Call<?, ?> call) {
        return new CallRejectedException(Obstacle.CLOSED, null, null, Nanos.NEVER, call);
    }

    /** A limit of our own leaves no room at this target. */
    static CallRejectedException ownLimit(Call<?, ?> call, int index, Obstacle obstacle, long atNanos, long nowNanos) {
        Target target = call.target(index).target();
        return new CallRejectedException(obstacle, target, null, Nanos.left(atNanos, nowNanos), call);
    }

    /** Speaks of the target that is back first. */
    static CallRejectedException rejected(Call<?, ?> call, long nowNanos) {
        TargetState first = call.target(0);
        long firstAtNanos = Nanos.NEVER;
        for (TargetState target : call.route.states) {
            long atNanos = target.returnAtNanos(nowNanos);
            if (atNanos < firstAtNanos) {
                first = target;
                firstAtNanos = atNanos;
            }
        }
        Failure block = first.credential().blockedBy();
        Obstacle obstacle = Obstacle.CIRCUIT;
        if (block != null && !first.credential().usable(nowNanos)) {
            obstacle = Obstacle.BLOCK;
        } else if (!first.circuit().admits(nowNanos)) {
            obstacle = firstAtNanos == Nanos.NEVER ? Obstacle.OPERATOR : Obstacle.CIRCUIT;
        } else if (first.domain().pausedUntilNanos(nowNanos) > nowNanos) {
            obstacle = Obstacle.PAUSE;
        }
        Failure original = obstacle == Obstacle.BLOCK ? block : first.lastFailure();
        return new CallRejectedException(obstacle, first.target(), original, Nanos.left(firstAtNanos, nowNanos), call);
    }
}
