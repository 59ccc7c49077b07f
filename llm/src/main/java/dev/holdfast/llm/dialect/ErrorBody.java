// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.failure.Failure;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An error as a client is told it, in any dialect. Immutable.
 *
 * @param status the HTTP status of the response; inside a stream the one that it would have had. The dialect's own error
 *     type follows from it.
 * @param code what went wrong, in one word, for example {@code all_targets_unavailable}
 * @param message what happened in one line; holds no credential and no prompt
 * @param param the place in the request that is at fault; null when there is none
 * @param requestId the id of the call; empty when there is none
 */
public record ErrorBody(
        int status, String code, String message, @Nullable String param, String requestId) {
    public ErrorBody {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(requestId, "requestId");
    }

    /**
     * A call that failed for good. The codes tell an outage from the client's own fault: what is wrong with our credentials
     * upstream is not the client's.
     */
    public static ErrorBody of(Failure failure, String requestId) {
        int status =
                switch (failure.category()) {
                    case INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTER -> 400;
                    case CONFLICT -> 409;
                    case REQUEST_TOO_LARGE -> 413;
                    case RATE_LIMIT -> 429;
                    case OVERLOADED, MODEL_LOADING -> 503;
                    case TIMEOUT -> 504;
                    default -> 502;
                };
        String code =
                switch (failure.category()) {
                    case QUOTA_EXHAUSTED -> "upstream_quota";
                    case AUTH -> "upstream_auth";
                    case PERMISSION -> "upstream_permission";
                    case NOT_FOUND -> "upstream_model";
                    default -> failure.category().word();
                };
        return new ErrorBody(status, code, failure.message(), null, requestId);
    }

    /** A request that cannot be read: 400, {@code invalid_request}. */
    public static ErrorBody of(InvalidRequestException e, String requestId) {
        return new ErrorBody(
                400,
                "invalid_request",
                String.valueOf(e.getMessage()),
                e.path().isEmpty() ? null : e.path(),
                requestId);
    }
}
