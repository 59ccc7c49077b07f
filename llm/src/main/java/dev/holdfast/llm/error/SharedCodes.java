// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CANCELLED;
import static dev.holdfast.failure.Category.CONFLICT;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.MODEL_LOADING;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.REQUEST_TOO_LARGE;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.TIMEOUT;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.any;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.statusBetween;

import java.util.List;

/** Typed codes whose meaning does not depend on who sends them, from the providers' own error references. */
final class SharedCodes {
    private static final Condition NOT_A_CLIENT_ERROR = any(status(0), statusBetween(500, 599));

    static final List<Rule> RULES = List.of(
            Rule.code(
                    QUOTA_EXHAUSTED,
                    "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error", "insufficient_balance", "insufficient_credits", "insufficient_funds",
                    "quota_exceeded", "quota_exhausted", "budget_exceeded", "payment_required", "usage_limit_reached", "usage_limit_exceeded", "exceeded_current_quota_error", "exceeded_current_quota",
                    "ServiceQuotaExceededException", "insufficient_user_quota", "pre_consume_token_quota_failed", "Arrearage", "AllocationQuota.FreeTierOnly", "free_tier_exhausted", "AccountOverdueError",
                    "INSUFFICIENT_G1_CREDITS_BALANCE", "BILLING_DISABLED", "CREDITS_EXHAUSTED", "credit_exhausted", "spending_limit_reached", "out_of_credits", "PrepaidBillOverdue", "PostpaidBillOverdue", "CommodityNotPurchased"),
            Rule.code(
                    RATE_LIMIT,
                    "rate_limit_exceeded", "rate_limit_error", "rate_limit", "rate_limited", "RateLimitReached", "rate_limit_reached_error", "too_many_requests", "TooManyRequestsException", "ThrottlingException", "Throttling",
                    "Throttling.RateQuota", "Throttling.AllocationQuota", "Throttling.BurstRate", "Throttling.User", "RequestLimitExceeded", "limit_requests", "limit_burst_rate", "concurrency_limit_exceeded", "request_rate_exceeded", "RESOURCE_EXHAUSTED",
                    "throttling_error", "TooManyRequestsError", "RateLimitError", "rate_limit_reached", "Ratelimit.Exceeded"),
            new Rule(Rule.Step.CODE, "limit_dimension_code", all(code("requests", "tokens", "input_tokens", "output_tokens"), status(0, 429)), Verdict.of(RATE_LIMIT)),
            Rule.code(
                    OVERLOADED,
                    "overloaded_error", "overloaded", "engine_overloaded", "engine_overloaded_error", "ServiceUnavailableException", "service_unavailable", "service_unavailable_error", "UNAVAILABLE", "unavailable_error",
                    "capacity_exceeded", "service_tier_capacity_exceeded", "MODEL_CAPACITY_EXHAUSTED", "slow_down", "server_overloaded", "model_overloaded", "server_busy", "ServerOverloaded", "ModelServingError", "insufficient_system_resource", "capacity_error", "NoCapacity", "ServiceUnavailableError", "temporarily_unavailable"),
            Rule.code(
                    AUTH,
                    "invalid_api_key", "authentication_error", "API_KEY_INVALID", "UNAUTHENTICATED", "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature",
                    "MissingAuthenticationToken", "MissingAuthenticationTokenException", "InvalidClientTokenId", "unauthorized", "invalid_authentication", "invalid_authentication_error", "incorrect_api_key_error", "token_expired", "account_deactivated", "InvalidApiKey",
                    "incorrect_api_key", "ACCESS_TOKEN_EXPIRED", "ACCESS_TOKEN_TYPE_UNSUPPORTED", "CREDENTIALS_MISSING", "missing_api_key", "invalid_token", "AuthenticationError", "deactivated_workspace", "invalid_organization", "invalid_grant", "API_KEY_EXPIRED", "token_invalidated"),
            new Rule(Rule.Step.CODE, "auth_proxy_code", all(code("auth_error"), status(0, 400, 401)), Verdict.of(AUTH)),
            Rule.code(
                    PERMISSION,
                    "permission_error", "PERMISSION_DENIED", "PermissionDenied", "AccessDeniedException", "access_denied", "AccessDenied", "Model.AccessDenied", "forbidden", "unsupported_country_region_territory", "request_forbidden", "ip_not_authorized",
                    "insufficient_permissions", "SERVICE_DISABLED", "API_KEY_SERVICE_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED", "CONSUMER_SUSPENDED", "CONSUMER_INVALID", "USER_PROJECT_DENIED", "IAM_PERMISSION_DENIED", "model_access_denied", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "LOCATION_POLICY_VIOLATED", "SECURITY_POLICY_VIOLATED", "Workspace.AccessDenied", "permission_denied_error", "team_model_access_denied", "key_model_access_denied", "org_restricted"),
            Rule.code(
                    NOT_FOUND,
                    "model_not_found", "not_found_error", "not_found", "ResourceNotFoundException", "DeploymentNotFound", "ModelNotFound", "invalid_model", "model_not_available", "model_decommissioned", "model_deprecated", "unknown_model", "model_not_supported", "resource_not_found_error",
                    "NotFoundError", "InvalidEndpointOrModel.NotFound", "ModelNotOpen", "unsupported_model", "model_terms_required", "no_such_model", "InvalidModel", "deployment_not_found"),
            Rule.code(
                    CONTEXT_LENGTH,
                    "context_length_exceeded", "exceed_context_size_error", "context_window_exceeded", "ContextWindowExceededError", "model_max_prompt_tokens_exceeded", "context_length_error", "input_too_long", "prompt_too_long", "model_context_window_exceeded"),
            new Rule(Rule.Step.CODE, "too_many_tokens_code", all(code("TOO_MANY_TOKENS"), status(0, 400, 422)), Verdict.of(CONTEXT_LENGTH)),
            Rule.code(
                    CONTENT_FILTER,
                    "content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation", "data_inspection_failed", "DataInspectionFailed", "moderation_blocked", "content_policy", "sensitive_words_detected", "invalid_prompt", "prompt_blocked", "guardrail_intervened", "content_violation", "content_blocked", "safety_violation", "contentFilter", "InputTextSensitiveContentDetected", "SensitiveContentDetected", "flagged_input", "PROHIBITED_CONTENT"),
            Rule.code(REQUEST_TOO_LARGE, "request_too_large", "payload_too_large", "RequestEntityTooLarge", "tokens_limit_reached", "request_entity_too_large", "string_above_max_length", "content_too_large"),
            Rule.code(CONFLICT, "conversation_locked", "conflict", "ConflictException", "conflict_error", "ABORTED", "response_already_in_progress"),
            Rule.code(MODEL_LOADING, "ModelNotReadyException", "model_not_ready", "model_loading"),
            Rule.code(TIMEOUT, "timeout", "timeout_error", "request_timeout", "DEADLINE_EXCEEDED", "ModelTimeoutException", "gateway_timeout", "OperationTimeout", "RequestTimeOut", "APITimeoutError"),
            new Rule(Rule.Step.CODE, "cancelled_code", code("CANCELLED", "client_closed_request"), Verdict.of(CANCELLED)),
            Rule.code("bad_sample_code", Verdict.of(SERVER_ERROR), "tool_use_failed", "json_validate_failed", "output_parse_failed", "MALFORMED_TOOL_CALL"),
            Rule.code(
                    "request_code",
                    Verdict.of(INVALID_REQUEST),
                    "unknown_parameter", "missing_required_parameter", "invalid_encrypted_content", "invalid_image_url", "invalid_image", "invalid_image_format", "image_parse_error", "invalid_base64", "invalid_json", "invalid_function_parameters", "integer_below_min_value", "integer_above_max_value", "decimal_above_max_value", "decimal_below_min_value", "array_above_max_length", "empty_array", "invalid_type", "extra_forbidden", "json_invalid", "invalid_json_schema", "invalid_tool_call_id", "previous_response_not_found", "BadRequestError.Malformed", "unexpected_parameter"),
            Rule.code(
                    "feature_code",
                    Verdict.of(INVALID_REQUEST).elsewhere(),
                    "unsupported_parameter", "OperationNotSupported", "unsupported_feature", "not_supported_error", "unsupported_response_format", "UNIMPLEMENTED", "unsupported_api_for_model", "UnsupportedOperation"),
            new Rule(
                    Rule.Step.CODE,
                    "server_error_code",
                    all(
                            code("server_error", "api_error", "internal_error", "internal_server_error", "INTERNAL", "InternalServerException", "InternalFailure", "ModelErrorException", "ModelStreamErrorException", "InternalServerError", "inference_error", "processing_error", "SystemError", "DATA_LOSS", "InternalError", "upstream_error", "server_exception", "backend_error", "InternalError.Algo"),
                            any(NOT_A_CLIENT_ERROR, status(424))),
                    Verdict.of(SERVER_ERROR)));

    private SharedCodes() {}
}
