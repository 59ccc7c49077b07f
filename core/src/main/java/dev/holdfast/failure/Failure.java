// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A classified error of one attempt. Immutable.
 *
 * @param category what kind of failure it is
 * @param scope where another attempt can help; the engine decides by this alone
 * @param reach what else fails in the same way
 * @param hint the wait that the server stated, unshortened and without jitter; null when it stated none. Never negative.
 * @param sent whether the request can have reached the server and so may have been carried out and billed
 * @param rule the name of the rule that decided, for people who ask why; short, stable, without data of the request
 * @param message what happened in one line, fit to show to a user; holds no credential and no prompt
 * @param cause the exception that was classified; null when there was none
 */
public record Failure(
        Category category,
        RetryScope scope,
        Reach reach,
        @Nullable Duration hint,
        boolean sent,
        String rule,
        String message,
        @Nullable Throwable cause) {

    public Failure {
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(reach, "reach");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(message, "message");
        if (hint != null && hint.isNegative()) {
            throw new IllegalArgumentException("hint must not be negative: " + hint);
        }
    }

    /** A failure with the usual scope and reach of its category, no hint, sent. */
    public static Failure of(Category category, String rule, String message) {
        return new Failure(category, category.usualScope(), category.usualReach(), null, true, rule, message, null);
    }

    public Failure withScope(RetryScope newScope) {
        return new Failure(category, newScope, reach, hint, sent, rule, message, cause);
    }

    public Failure withReach(Reach newReach) {
        return new Failure(category, scope, newReach, hint, sent, rule, message, cause);
    }

    public Failure withHint(@Nullable Duration newHint) {
        return new Failure(category, scope, reach, newHint, sent, rule, message, cause);
    }

    public Failure withSent(boolean newSent) {
        return new Failure(category, scope, reach, hint, newSent, rule, message, cause);
    }

    public Failure withMessage(String newMessage) {
        return new Failure(category, scope, reach, hint, sent, rule, newMessage, cause);
    }

    public Failure withCause(@Nullable Throwable newCause) {
        return new Failure(category, scope, reach, hint, sent, rule, message, newCause);
    }
}
