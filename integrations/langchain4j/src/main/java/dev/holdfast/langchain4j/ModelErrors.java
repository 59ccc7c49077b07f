// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.CallException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;

/** A failed call in the types that callers of LangChain4j catch; the cause is always the {@link CallException}. */
final class ModelErrors {
    private ModelErrors() {}

    static RuntimeException of(CallException call) {
        if (call.getCause() instanceof UnsupportedFeatureException refused) {
            UnsupportedFeatureException same = new UnsupportedFeatureException(refused.getMessage());
            same.initCause(call);
            return same;
        }
        if (call.getCause() instanceof EmbeddingDimensionException wrong) {
            return wrong;
        }
        String message = call.getMessage();
        return switch (call.category()) {
            case RATE_LIMIT, QUOTA_EXHAUSTED -> new RateLimitException(message, call);
            case AUTH, PERMISSION -> new AuthenticationException(message, call);
            case NOT_FOUND -> new ModelNotFoundException(message, call);
            case TIMEOUT -> new TimeoutException(message, call);
            case CONTENT_FILTER -> new ContentFilteredException(message, call);
            case INVALID_REQUEST, CONTEXT_LENGTH, REQUEST_TOO_LARGE, CONFLICT ->
                new InvalidRequestException(message, call);
            case OVERLOADED, SERVER_ERROR, MODEL_LOADING, STREAM_INTERRUPTED, EMPTY_RESPONSE ->
                new InternalServerException(message, call);
            case NETWORK, INVALID_OUTPUT, CANCELLED, UNKNOWN -> new LangChain4jException(message, call);
        };
    }
}
