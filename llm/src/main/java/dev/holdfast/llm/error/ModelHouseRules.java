// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.REQUEST_TOO_LARGE;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.any;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.text;

import dev.holdfast.failure.Reach;
import java.util.List;

/** OpenAI with Azure, Anthropic, Google, Amazon: their own codes and their own liars, as far as they differ from what all
 * share. */
final class ModelHouseRules {

    static final RuleTable OPENAI = RuleTable.of(
            "openai",
            "OpenAI, Azure OpenAI, GitHub Models and Copilot",
            List.of(
                    "openai",
                    "azure",
                    "azure_openai",
                    "azure_ai",
                    "azure_ai_foundry",
                    "github_models",
                    "github_copilot"),
            Rule.liar(
                    "overloaded_as_limit",
                    OVERLOADED,
                    all(text("currently overloaded, engine is overloaded"), status(0, 429, 500, 503))),
            Rule.liar("azure_tier_limit", RATE_LIMIT, all(text("""
                            token rate limit of your, call rate limit of your, exceeded token rate limit, exceeded call rate limit
                            the token rate limit for your, the call rate limit for your
                            """), status(0, 429))),
            Rule.liar("bound_to_organization", INVALID_REQUEST, code("invalid_encrypted_content")),
            Rule.code("azure_quota", QUOTA_EXHAUSTED, code("InsufficientQuota")),
            Rule.code(
                    "azure_rights",
                    PERMISSION,
                    code("AuthenticationTypeDisabled, PublicAccessDisabled, SpecialFeatureOrQuotaIdRequired")),
            Rule.code("azure_content", CONTENT_FILTER, code("ResponsibleAIPolicyViolation, ContentFilterBlocked")),
            Rule.code(
                    "copilot_long_limit",
                    Verdict.of(RATE_LIMIT).elsewhere(),
                    code("user_weekly_rate_limited, user_global_rate_limited")),
            Rule.code(
                    "copilot_limit",
                    RATE_LIMIT,
                    code("user_model_rate_limited, integration_rate_limited, model_rate_limited")));

    static final RuleTable ANTHROPIC = RuleTable.of(
            "anthropic",
            "Anthropic",
            List.of("anthropic", "claude"),
            Rule.liar(
                    "entitlement",
                    Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.REQUEST),
                    all(
                            text("long context, fast mode"),
                            text(
                                    "usage is required, credits are required, extra usage, not yet available, not available"))),
            Rule.liar(
                    "window_limit",
                    RATE_LIMIT,
                    all(
                            text("would exceed, has exceeded your, have exceeded your, exceeded your"),
                            text("rate limit, acceleration limit, per minute"),
                            not(text("daily, per day, weekly, 7 day, per month")),
                            status(0, 429))),
            Rule.liar(
                    "image_too_large",
                    REQUEST_TOO_LARGE,
                    all(text("image exceeds"), text("maximum"), status(0, 400, 413))));

    static final RuleTable GOOGLE = RuleTable.of(
            "google",
            "Google Gemini and Vertex AI",
            List.of("google", "gemini", "google_gemini", "vertex", "vertex_ai", "google_vertex", "google_ai"),
            Rule.liar("no_access", QUOTA_EXHAUSTED, all(fact(Fact.ZERO_LIMIT), status(0, 403, 429))),
            Rule.liar(
                    "daily_quota",
                    Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.TARGET),
                    all(
                            any(
                                    fact(Fact.DAILY),
                                    code("QUOTA_EXHAUSTED"),
                                    all(text("quota exceeded for"), text("per day"))),
                            status(0, 429))),
            Rule.liar("credits", QUOTA_EXHAUSTED, code("INSUFFICIENT_G1_CREDITS_BALANCE")),
            Rule.liar("capacity", OVERLOADED, code("MODEL_CAPACITY_EXHAUSTED")),
            // a window is named or a wait stated whenever one would help
            Rule.liar(
                    "plan_quota",
                    Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.TARGET),
                    all(
                            text("check your plan and billing"),
                            not(text("per minute, perminute")),
                            not(fact(Fact.WAIT_STATED)),
                            status(0, 429))),
            Rule.liar(
                    "window_quota",
                    RATE_LIMIT,
                    all(
                            text(
                                    "exceeded your current quota, quota exceeded for, resource exhausted, resource has been exhausted"),
                            status(0, 429))),
            Rule.liar(Rule.OWN_GUARDRAIL, CONTENT_FILTER, text("model armor")),
            Rule.code("precondition", PERMISSION, code("FAILED_PRECONDITION")));

    static final RuleTable BEDROCK = RuleTable.of(
            "bedrock",
            "Amazon Bedrock and SageMaker",
            List.of("bedrock", "aws_bedrock", "amazon_bedrock", "aws", "sagemaker", "aws_sagemaker"),
            Rule.liar(
                    "daily_tokens",
                    Verdict.of(RATE_LIMIT).elsewhere(),
                    all(text("tokens per day, requests per day"), status(0, 400, 429), not(fact(Fact.WAIT_STATED)))),
            Rule.liar(
                    "wait_please",
                    RATE_LIMIT,
                    all(text("too many tokens please wait, too many requests please wait"), status(0, 429))),
            Rule.liar("model_access", PERMISSION, text("""
                    access to the model with the specified model id, model access is denied, aws marketplace
                    invalid payment instrument
                    """)),
            Rule.liar(
                    "legacy_model",
                    NOT_FOUND,
                    text(
                            "marked by provider as legacy, on demand throughput isnt supported, modelid failed to satisfy constraint")),
            Rule.liar(
                    Rule.OWN_GUARDRAIL,
                    CONTENT_FILTER,
                    text("guardrail intervened, blocked by guardrail, blocked by your guardrail")),
            Rule.liar("cut_stream", STREAM_INTERRUPTED, code("ModelStreamErrorException")),
            Rule.code("model_fault", SERVER_ERROR, code("ModelErrorException, ModelError")));

    private ModelHouseRules() {}
}
