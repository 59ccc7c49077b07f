// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call failed, after everything that could be tried. The cause is that of the last attempt; those of earlier attempts are
 * suppressed exceptions. Whoever gets this must not repeat the call as it is: the engine has already done so.
 */
public abstract sealed class CallException extends RuntimeException implements Classified
        permits CallFailedException, CallRejectedException, DeadlineExceededException {
    private static final long serialVersionUID = 1L;

    CallException(@Nullable String message, @Nullable Throwable cause, boolean stackTrace) {
        super(message, cause, true, stackTrace);
    }

    /** What ended the call, as it was classified. */
    abstract Failure reason();

    /** What was tried. */
    public abstract CallReport report();

    /** What kind of failure ended the call. */
    public Category category() {
        return reason().category();
    }

    /** Where another call could help. */
    public RetryScope scope() {
        return reason().scope();
    }

    /** When to come back, as far as it is known; null otherwise. */
    public @Nullable Duration retryAfter() {
        return reason().hint();
    }

    /**
     * The verdict for an engine around this one. A wait has been tried as often as it may be, so what is left to try is
     * another target: attempts never multiply across layers.
     */
    @Override
    public Failure failure() {
        Failure reason = reason();
        return reason.scope() == RetryScope.SAME_TARGET ? reason.withScope(RetryScope.OTHER_TARGET) : reason;
    }
}
