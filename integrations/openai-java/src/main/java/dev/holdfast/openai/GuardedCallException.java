// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.openai;

import com.openai.errors.OpenAIException;
import dev.holdfast.CallException;
import dev.holdfast.CallReport;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A guarded call ended without a response, or a response broke off while it was read. Where there was a response that said
 * no, the client's own exceptions are thrown as ever. The client does not retry on this, and nobody else should: what could
 * be tried has been tried.
 */
public final class GuardedCallException extends OpenAIException implements Classified {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final transient @Nullable CallReport report;

    GuardedCallException(CallException failed) {
        this(failed.getMessage(), failed.failure().withHint(failed.retryAfter()), failed.report(), failed);
    }

    GuardedCallException(Failure failure, @Nullable CallReport report) {
        this(failure.category() + ": " + failure.message(), failure, report, failure.cause());
    }

    private GuardedCallException(
            @Nullable String message, Failure failure, @Nullable CallReport report, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure.scope() == RetryScope.SAME_TARGET ? failure.withScope(RetryScope.OTHER_TARGET) : failure;
        this.report = report;
    }

    /** What kind of failure it was. */
    public Category category() {
        return failure.category();
    }

    /** When to come back, as far as it is known; null otherwise. */
    public @Nullable Duration retryAfter() {
        return failure.hint();
    }

    /** What was tried; null where the caller itself left. */
    public @Nullable CallReport report() {
        return report;
    }

    /** The verdict for an engine around this one, which must not wait and ask again here. */
    @Override
    public Failure failure() {
        return failure;
    }
}
