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
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.failure.Category.TIMEOUT;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.any;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.statusBetween;

import java.util.List;

/** Typed codes whose meaning does not depend on who sends them: the vocabulary of OpenAI, which most others speak, of
 * google.rpc, and of the AWS services. */
final class SharedCodes {

    private static final Condition INSIDE =
            any(status(0, 424, 523), statusBetween(500, 502), statusBetween(505, 521), statusBetween(525, 528));

    static final List<Rule> RULES = List.of(
            Rule.code(QUOTA_EXHAUSTED, """
                    insufficient_quota, token_quota_reached, billing_hard_limit_reached, billing_not_active, billing_error, insufficient_balance
                    insufficient_credits, insufficient_funds, quota_exceeded, quota_exhausted, budget_exceeded, payment_required
                    usage_limit_reached, usage_limit_exceeded, exceeded_current_quota_error, exceeded_current_quota, credit_limit
                    insufficient_user_quota, pre_consume_token_quota_failed, credits_exhausted, spending_limit_reached
                    out_of_credits, not_enough_balance, BudgetExceededError, FreeUsageLimitError, CreditsError
                    ServiceQuotaExceededException, BILLING_DISABLED
                    """),
            Rule.code(RATE_LIMIT, """
                    rate_limit_exceeded, rate_limit_error, rate_limit, rate_limited, rate_limit_reached, RateLimitReached
                    too_many_requests, TooManyRequestsException, TooManyRequestsError, ThrottlingException, ThrottledException
                    Throttling, throttling_error, RequestLimitExceeded, concurrency_limit_exceeded, request_rate_exceeded
                    RESOURCE_EXHAUSTED, RateLimitError, RouterRateLimitError
                    """),
            Rule.code(
                    "limit_dimension",
                    RATE_LIMIT,
                    all(code("requests, tokens, input_tokens, output_tokens"), status(0, 429))),
            Rule.code(OVERLOADED, """
                    overloaded_error, overloaded, model_overloaded, engine_overloaded, engine_overloaded_error, server_overloaded
                    server_is_overloaded, ServiceUnavailableException, ServiceUnavailableError, service_unavailable
                    service_unavailable_error, service_not_available, UNAVAILABLE, unavailable_error, temporarily_unavailable
                    capacity_exceeded, service_tier_capacity_exceeded, capacity_error, no_capacity, slow_down, server_busy
                    resource_unavailable, no_available_server, queue_exceeded
                    """),
            Rule.code(AUTH, """
                    invalid_api_key, incorrect_api_key, missing_api_key, wrong_api_key, InvalidApiKey, authentication_error
                    AuthenticationError, invalid_authentication, invalid_authentication_error, incorrect_api_key_error
                    unauthorized, UNAUTHENTICATED, failed_to_auth, invalid_token, token_expired, token_invalidated, bad_credentials
                    account_deactivated, deactivated_workspace, invalid_organization, mismatched_organization, mismatched_project
                    invalid_grant, API_KEY_INVALID, API_KEY_EXPIRED, ACCESS_TOKEN_EXPIRED, ACCESS_TOKEN_TYPE_UNSUPPORTED
                    CREDENTIALS_MISSING, ACCOUNT_STATE_INVALID, ExpiredTokenException, ExpiredToken, UnrecognizedClientException
                    InvalidSignatureException, SignatureDoesNotMatch, IncompleteSignature, MissingAuthenticationToken
                    MissingAuthenticationTokenException, InvalidClientTokenId
                    """),
            Rule.code("proxy_auth", AUTH, all(code("auth_error"), status(0, 400, 401))),
            Rule.code(PERMISSION, """
                    permission_error, permission_denied, permission_denied_error, PermissionDeniedError, access_denied, AccessDenied
                    AccessDeniedException, forbidden, request_forbidden, unsupported_country_region_territory, ip_not_authorized
                    insufficient_permissions, missing_scope, model_access_denied, team_model_access_denied, key_model_access_denied
                    model_terms_required, organization_restricted, feature_flag_blocked, SERVICE_DISABLED, API_KEY_SERVICE_BLOCKED
                    API_KEY_IP_ADDRESS_BLOCKED, API_KEY_HTTP_REFERRER_BLOCKED, CONSUMER_SUSPENDED, CONSUMER_INVALID
                    USER_PROJECT_DENIED, IAM_PERMISSION_DENIED, ACCESS_TOKEN_SCOPE_INSUFFICIENT, LOCATION_POLICY_VIOLATED
                    SECURITY_POLICY_VIOLATED, OptInRequired
                    """),
            Rule.code(NOT_FOUND, """
                    model_not_found, ModelNotFound, model_not_available, model_not_supported, model_decommissioned, model_deprecated
                    invalid_model, unknown_model, unsupported_model, no_such_model, model_not_exist, not_found, not_found_error
                    NotFoundError, ResourceNotFoundException, resource_not_found_error, DeploymentNotFound, ProxyModelNotFoundError
                    UnknownOperationException
                    """),
            Rule.code(CONTEXT_LENGTH, """
                    context_length_exceeded, exceed_context_size_error, context_window_exceeded, ContextWindowExceededError
                    model_context_window_exceeded, context_length_error, model_max_prompt_tokens_exceeded, too_many_prompt_tokens
                    input_too_long, prompt_too_long, token_limit_exceeded, max_tokens_exceeded
                    """),
            Rule.code(CONTENT_FILTER, """
                    content_filter, content_filter_error, content_policy_violation, ContentPolicyViolationError, content_policy
                    content_violation, content_blocked, content_moderation, moderation_blocked, moderation_error, prompt_blocked
                    image_content_policy_violation, sensitive_words_detected, invalid_prompt, flagged_input, safety_violation
                    cyber_policy, bio_policy, usage_policy_violation, PROHIBITED_CONTENT, guardrail_intervened
                    """),
            Rule.code(REQUEST_TOO_LARGE, """
                    request_too_large, payload_too_large, RequestEntityTooLarge, request_entity_too_large, content_too_large
                    tokens_limit_reached, string_above_max_length, RequestTooLarge
                    """),
            Rule.code(
                    CONFLICT,
                    "conversation_locked, conflict, conflict_error, ConflictException, ABORTED, resource_conflict"),
            Rule.code(MODEL_LOADING, "ModelNotReadyException, model_not_ready, model_loading, DEPLOYMENT_SCALING_UP"),
            Rule.code(TIMEOUT, """
                    timeout, timeout_error, request_timeout, gateway_timeout, DEADLINE_EXCEEDED, ModelTimeoutException
                    OperationTimeout, APITimeoutError
                    """),
            Rule.code("cancelled", CANCELLED, code("CANCELLED, client_closed_request")),
            Rule.code(
                    "cut_stream",
                    STREAM_INTERRUPTED,
                    code("ModelStreamErrorException, stream_error, stream_read_error")),
            Rule.code("bad_sample", SERVER_ERROR, code("tool_use_failed, json_validate_failed, output_parse_failed")),
            Rule.code("request", INVALID_REQUEST, code("""
                    unknown_parameter, missing_required_parameter, invalid_encrypted_content, invalid_image, invalid_image_url
                    invalid_image_file, invalid_image_format, image_parse_error, image_too_large, image_too_small, empty_image_file
                    failed_to_download_image, unsupported_image_media_type, invalid_base64, invalid_base64_image, invalid_json
                    invalid_function_parameters, invalid_json_schema, invalid_tool_call_id, integer_below_min_value
                    integer_above_max_value, decimal_above_max_value, decimal_below_min_value, empty_array, invalid_type
                    extra_forbidden, json_invalid, previous_response_not_found, unexpected_parameter
                    """)),
            Rule.code("feature", Verdict.of(INVALID_REQUEST).elsewhere(), code("""
                    unsupported_parameter, unsupported_feature, unsupported_operation, unsupported_response_format
                    unsupported_api_for_model, unsupported_api_version, OperationNotSupported, not_supported_error, UNIMPLEMENTED
                    array_above_max_length
                    """)),
            Rule.code("inside", SERVER_ERROR, all(code("""
                            server_error, api_error, internal_error, internal_server_error, InternalServerError, INTERNAL
                            InternalServerException, InternalFailure, InternalError, ModelErrorException, inference_error
                            processing_error, SystemError, DATA_LOSS, upstream_error, server_exception, backend_error
                            """), INSIDE)));

    private SharedCodes() {}
}
