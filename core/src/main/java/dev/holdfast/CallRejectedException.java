// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.target.Target;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No attempt was made: every target's circuit rejects, its credential is blocked, or its pause is too long. Speaks of the
 * target that is back first. In an outage this is made very often, so it has no stack trace and puts its words together only
 * when asked.
 */
public final class CallRejectedException extends CallException {
    private static final long serialVersionUID = 1L;

    /** What stands in the way. */
    public enum Obstacle {
        /** The circuit is open, or half-open with all probes on their way. */
        CIRCUIT,
        /** The circuit was opened by hand. */
        OPERATOR,
        /** The credential cannot work. */
        BLOCK,
        /** The provider asked for a wait that is too long for this call. */
        PAUSE,
        /** All slots are taken, and there is no room in the queue, or the call has waited there as long as it may. */
        QUEUE,
        /** The pacer keeps the quota domain below its limit, and the wait for it is too long for this call. */
        PACE,
        /** The engine is closed. */
        CLOSED
    }

    private final Obstacle obstacle;
    private final transient @Nullable Target target;
    private final transient @Nullable Failure original;
    private final long retryAfterNanos;
    private final transient Call<?, ?> call;

    CallRejectedException(
            Obstacle obstacle,
            @Nullable Target target,
            @Nullable Failure original,
            long retryAfterNanos,
            Call<?, ?> call) {
        super(null, null, false);
        this.obstacle = obstacle;
        this.target = target;
        this.original = original;
        this.retryAfterNanos = retryAfterNanos;
        this.call = call;
    }

    /** What stands in the way at the target that is back first. */
    public Obstacle obstacle() {
        return obstacle;
    }

    /** The category of what brought the obstacle about: for a block and a circuit, the last failure there. */
    @Override
    public Category category() {
        return switch (obstacle) {
            case PAUSE, PACE -> Category.RATE_LIMIT;
            case CLOSED -> Category.CANCELLED;
            case OPERATOR, QUEUE -> Category.OVERLOADED;
            case BLOCK, CIRCUIT -> original == null ? Category.OVERLOADED : original.category();
        };
    }

    @Override
    public RetryScope scope() {
        return switch (obstacle) {
            case CLOSED -> RetryScope.NEVER;
            case BLOCK -> RetryScope.OTHER_TARGET;
            case PAUSE, PACE, QUEUE, OPERATOR, CIRCUIT -> RetryScope.SAME_TARGET;
        };
    }

    @Override
    public @Nullable Duration retryAfter() {
        return retryAfterNanos == Nanos.NEVER ? null : Duration.ofNanos(retryAfterNanos);
    }

    @Override
    public String getMessage() {
        String back = retryAfterNanos == Nanos.NEVER
                ? ""
                : "; come back in " + Durations.text(Duration.ofNanos(retryAfterNanos));
        return switch (obstacle) {
            case CLOSED -> "this Holdfast is closed";
            case OPERATOR -> "the circuit of " + target + " is held open by hand";
            case PAUSE -> target + " is paused at its provider's request" + back;
            case QUEUE -> "all slots of " + target + " are taken and its queue has no room for this call" + back;
            case PACE -> "the limit of " + target + " leaves no room for this call in time" + back;
            case CIRCUIT -> "the circuit of " + target + " rejects calls" + lastSeen() + back;
            case BLOCK ->
                "the credential of " + target + " is blocked (" + (original == null ? category() : original.message())
                        + ')' + back;
        };
    }

    private String lastSeen() {
        return original == null ? "" : " (last failure: " + original.category() + ", " + original.message() + ')';
    }

    @Override
    Failure reason() {
        String message = original != null && obstacle == Obstacle.BLOCK ? original.message() : getMessage();
        return new Failure(
                category(),
                scope(),
                original == null ? category().usualReach() : original.reach(),
                retryAfter(),
                false,
                "engine.rejected",
                message,
                this);
    }

    @Override
    public CallReport report() {
        return new CallReport(call.id(), List.of(), Duration.ZERO, Duration.ZERO);
    }
}
