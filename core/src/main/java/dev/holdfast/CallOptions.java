// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.limit.Priority;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one call wants otherwise than the engine's configuration. Immutable.
 *
 * @param deadline from the start of the call; null for the configuration's. A surrounding call's deadline holds too.
 * @param context of the call that this one is made within; null for none
 * @param timeouts of this call's attempts; null for the configuration's
 * @param maxAttempts of this call, at least 1; null for the configuration's
 * @param sideEffects whether carrying the call out twice would do harm: an attempt that was lost after it was sent is then
 *     not repeated, and the call is never hedged
 * @param priority who is let in first where calls wait for a slot; default normal
 * @param tokens how many tokens the call is estimated to use, for pacers with a token limit; 0 (default) for unknown
 * @param subject what the call is about, for those who observe it; the engine hands it on unread; null (default) for nothing
 */
public record CallOptions(
        @Nullable Duration deadline,
        @Nullable CallContext context,
        @Nullable TimeoutConfig timeouts,
        @Nullable Integer maxAttempts,
        boolean sideEffects,
        Priority priority,
        long tokens,
        @Nullable Object subject) {

    private static final CallOptions NONE = new CallOptions(null, null, null, null, false, Priority.NORMAL, 0, null);

    public CallOptions {
        Objects.requireNonNull(priority, "priority");
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens must not be negative: " + tokens);
        }
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("deadline must be positive: " + deadline);
        }
        if (maxAttempts != null && maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1 (1 means no retry): " + maxAttempts);
        }
    }

    /** Nothing special. */
    public static CallOptions none() {
        return NONE;
    }

    public static CallOptions deadline(Duration deadline) {
        return NONE.withDeadline(deadline);
    }

    public static CallOptions within(CallContext context) {
        return NONE.withContext(context);
    }

    public CallOptions withDeadline(@Nullable Duration value) {
        return new CallOptions(value, context, timeouts, maxAttempts, sideEffects, priority, tokens, subject);
    }

    public CallOptions withContext(@Nullable CallContext value) {
        return new CallOptions(deadline, value, timeouts, maxAttempts, sideEffects, priority, tokens, subject);
    }

    public CallOptions withTimeouts(@Nullable TimeoutConfig value) {
        return new CallOptions(deadline, context, value, maxAttempts, sideEffects, priority, tokens, subject);
    }

    public CallOptions withMaxAttempts(@Nullable Integer value) {
        return new CallOptions(deadline, context, timeouts, value, sideEffects, priority, tokens, subject);
    }

    public CallOptions withSideEffects(boolean value) {
        return new CallOptions(deadline, context, timeouts, maxAttempts, value, priority, tokens, subject);
    }

    public CallOptions withPriority(Priority value) {
        return new CallOptions(deadline, context, timeouts, maxAttempts, sideEffects, value, tokens, subject);
    }

    public CallOptions withTokens(long value) {
        return new CallOptions(deadline, context, timeouts, maxAttempts, sideEffects, priority, value, subject);
    }

    public CallOptions withSubject(@Nullable Object value) {
        return new CallOptions(deadline, context, timeouts, maxAttempts, sideEffects, priority, tokens, value);
    }

    /** Whether there is a context; told from the field, since calls that have none should not pay for a look at it. */
    boolean isNested() {
        return context != null;
    }
}
