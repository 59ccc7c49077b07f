// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.failure;

import static dev.holdfast.failure.Reach.CREDENTIAL;
import static dev.holdfast.failure.Reach.REQUEST;
import static dev.holdfast.failure.Reach.TARGET;
import static dev.holdfast.failure.RetryScope.NEVER;
import static dev.holdfast.failure.RetryScope.OTHER_TARGET;
import static dev.holdfast.failure.RetryScope.SAME_TARGET;

/**
 * The kinds of failure of a model call. Each has a usual {@link RetryScope} and {@link Reach}; a classifier may decide
 * otherwise for one failure, and the engine obeys the failure, not the category.
 */
public enum Category {
    /** The caller's request or token rate is over its limit for now. */
    RATE_LIMIT("rate_limit", SAME_TARGET, TARGET, false),
    /** The account has no credit, or a limit that does not come back soon. */
    QUOTA_EXHAUSTED("quota_exhausted", OTHER_TARGET, CREDENTIAL, false),
    /** The provider is short of capacity, whoever asks. */
    OVERLOADED("overloaded", SAME_TARGET, TARGET, true),
    /** The provider failed inside. */
    SERVER_ERROR("server_error", SAME_TARGET, TARGET, true),
    /** No answer, or no further bytes, in the time allowed. */
    TIMEOUT("timeout", SAME_TARGET, TARGET, true),
    /** The connection could not be made or broke before an answer. */
    NETWORK("network", SAME_TARGET, TARGET, true),
    /** The credential is missing, wrong or revoked. */
    AUTH("auth", OTHER_TARGET, CREDENTIAL, false),
    /** The credential is known but may not do this. */
    PERMISSION("permission", OTHER_TARGET, TARGET, false),
    /** The model or the endpoint does not exist here. */
    NOT_FOUND("not_found", OTHER_TARGET, TARGET, false),
    /** The request is malformed or asks for what no target can do. */
    INVALID_REQUEST("invalid_request", NEVER, REQUEST, false),
    /** The prompt does not fit the model's context. */
    CONTEXT_LENGTH("context_length", OTHER_TARGET, REQUEST, false),
    /** Input or output was refused by a content policy. */
    CONTENT_FILTER("content_filter", OTHER_TARGET, REQUEST, false),
    /** The request body, or the tokens asked for at once, exceed what this target ever takes. */
    REQUEST_TOO_LARGE("request_too_large", OTHER_TARGET, REQUEST, false),
    /** Another request holds the resource; a little later it is free. */
    CONFLICT("conflict", SAME_TARGET, REQUEST, false),
    /** An answer had begun and was cut, or ended without its terminal marker. */
    STREAM_INTERRUPTED("stream_interrupted", SAME_TARGET, TARGET, true),
    /** A success that holds nothing. */
    EMPTY_RESPONSE("empty_response", SAME_TARGET, TARGET, true),
    /** The model's output does not meet the schema or the tool's parameters. */
    INVALID_OUTPUT("invalid_output", SAME_TARGET, REQUEST, false),
    /** The model is being loaded. */
    MODEL_LOADING("model_loading", SAME_TARGET, TARGET, true),
    /** The caller left. */
    CANCELLED("cancelled", NEVER, REQUEST, false),
    /** Nothing is known about this failure: at most one retry. */
    UNKNOWN("unknown", SAME_TARGET, TARGET, true);

    private final String word;
    private final RetryScope usualScope;
    private final Reach usualReach;
    private final boolean targetAtFault;

    Category(String word, RetryScope usualScope, Reach usualReach, boolean targetAtFault) {
        this.word = word;
        this.usualScope = usualScope;
        this.usualReach = usualReach;
        this.targetAtFault = targetAtFault;
    }

    /** The word used in JSON, logs and documentation, for example {@code rate_limit}. */
    public String word() {
        return word;
    }

    /** The scope that failures of this category have unless the classifier knows better. */
    public RetryScope usualScope() {
        return usualScope;
    }

    /** The reach that failures of this category have unless the classifier knows better. */
    public Reach usualReach() {
        return usualReach;
    }

    /** Whether this is, by default, evidence against the health of the target, so that a circuit counts it. */
    public boolean targetAtFault() {
        return targetAtFault;
    }

    @Override
    public String toString() {
        return word;
    }
}
