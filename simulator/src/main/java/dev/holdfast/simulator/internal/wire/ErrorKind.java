// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import org.jspecify.annotations.Nullable;

/**
 * What a status means, whoever sends it: the words that the providers' shapes are filled with. The columns are OpenAI's
 * type and code, Anthropic's type, Google's status and Amazon's exception.
 */
enum ErrorKind {
    INVALID(
            "invalid_request_error",
            null,
            "invalid_request_error",
            "INVALID_ARGUMENT",
            "ValidationException",
            "Invalid request: a parameter has a value that is not supported."),
    AUTH(
            "invalid_request_error",
            "invalid_api_key",
            "authentication_error",
            "UNAUTHENTICATED",
            "UnrecognizedClientException",
            "The API key provided is not valid."),
    BILLING(
            "insufficient_quota",
            "insufficient_quota",
            "billing_error",
            "RESOURCE_EXHAUSTED",
            "ServiceQuotaExceededException",
            "The account has no credits left: please check plan and billing."),
    PERMISSION(
            "invalid_request_error",
            "permission_denied",
            "permission_error",
            "PERMISSION_DENIED",
            "AccessDeniedException",
            "This API key has no access to the requested model."),
    NOT_FOUND(
            "invalid_request_error",
            "model_not_found",
            "not_found_error",
            "NOT_FOUND",
            "ResourceNotFoundException",
            "The model %s does not exist or is not available to this account."),
    TIMEOUT(
            "timeout_error",
            null,
            "timeout_error",
            "DEADLINE_EXCEEDED",
            "ModelTimeoutException",
            "The request took too long to process."),
    CONFLICT(
            "invalid_request_error",
            "conflict",
            "invalid_request_error",
            "ABORTED",
            "ConflictException",
            "Another request is changing the same resource."),
    TOO_LARGE(
            "invalid_request_error",
            "request_too_large",
            "request_too_large",
            "INVALID_ARGUMENT",
            "ValidationException",
            "Request exceeds the maximum size allowed."),
    RATE(
            "requests",
            "rate_limit_exceeded",
            "rate_limit_error",
            "RESOURCE_EXHAUSTED",
            "ThrottlingException",
            "Rate limit reached for %s: too many requests in this minute."),
    SERVER(
            "server_error",
            null,
            "api_error",
            "INTERNAL",
            "InternalServerException",
            "The server had an error while processing the request."),
    /** A fault inside, by the status of one that will pass; being short of capacity is {@link #OVERLOADED}. */
    UNAVAILABLE(
            "server_error",
            null,
            "api_error",
            "UNAVAILABLE",
            "ServiceUnavailableException",
            "The server had an error while processing the request."),
    OVERLOADED(
            "server_error",
            "overloaded",
            "overloaded_error",
            "UNAVAILABLE",
            "ServiceUnavailableException",
            "The model is currently overloaded.");

    final String openAiType;
    final @Nullable String openAiCode;
    final String anthropicType;
    final String googleStatus;
    final String amazonException;
    private final String message;

    ErrorKind(
            String openAiType,
            @Nullable String openAiCode,
            String anthropicType,
            String googleStatus,
            String amazonException,
            String message) {
        this.openAiType = openAiType;
        this.openAiCode = openAiCode;
        this.anthropicType = anthropicType;
        this.googleStatus = googleStatus;
        this.amazonException = amazonException;
        this.message = message;
    }

    static ErrorKind of(int status) {
        return switch (status) {
            case 401 -> AUTH;
            case 402 -> BILLING;
            case 403 -> PERMISSION;
            case 404 -> NOT_FOUND;
            case 408, 504 -> TIMEOUT;
            case 409 -> CONFLICT;
            case 413 -> TOO_LARGE;
            case 429 -> RATE;
            case 503 -> UNAVAILABLE;
            case 529 -> OVERLOADED;
            default -> status < 500 ? INVALID : SERVER;
        };
    }

    String message(String model) {
        return message.replace("%s", "`" + model + "`");
    }
}
