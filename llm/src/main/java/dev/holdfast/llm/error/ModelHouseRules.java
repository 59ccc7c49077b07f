// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.any;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.text;

import dev.holdfast.failure.Reach;
import java.util.List;

/** The large model houses: OpenAI with Azure, Anthropic, Google. Only what differs from {@link SharedRules}. */
final class ModelHouseRules {
    static final RuleTable OPENAI = RuleTable.of(
            "openai",
            "OpenAI and Azure OpenAI",
            List.of("openai", "azure", "azure_openai", "azure_ai", "azure_ai_foundry", "github_models", "github_copilot"),
            Rule.liar(
                    "verification_missing",
                    PERMISSION,
                    all(text("organization must be verified", "must be verified to"), status(0, 400, 403, 404))),
            Rule.liar("bound_to_organization", INVALID_REQUEST, code("invalid_encrypted_content")),
            Rule.liar(
                    "azure_tier_limit",
                    RATE_LIMIT,
                    all(text("token rate limit of your", "call rate limit of your", "exceeded token rate limit", "exceeded call rate limit", "exceeded the token rate limit", "exceeded the call rate limit"), status(0, 429))),
            Rule.liar("azure_operation", Verdict.of(INVALID_REQUEST).elsewhere(), code("OperationNotSupported")));

    static final RuleTable ANTHROPIC = RuleTable.of(
            "anthropic",
            "Anthropic",
            List.of("anthropic", "claude"),
            Rule.liar(
                    "long_context_entitlement",
                    Verdict.of(PERMISSION).reaching(Reach.REQUEST),
                    all(text("long context"), text("usage is required", "credits are required", "extra usage", "not yet available", "not available for this subscription"))),
            Rule.liar("regain_access", QUOTA_EXHAUSTED, text("you will regain access", "reached your specified api usage limits")),
            Rule.liar("window_limit", RATE_LIMIT, all(text("would exceed", "has exceeded your", "exceeded your"), text("rate limit"), status(0, 429))),
            Rule.liar("overloaded", OVERLOADED, all(text("overloaded"), any(status(0, 429, 500, 503, 529)))));

    static final RuleTable GOOGLE = RuleTable.of(
            "google",
            "Google Gemini and Vertex AI",
            List.of("google", "gemini", "google_gemini", "vertex", "vertex_ai", "google_vertex", "google_ai"),
            Rule.liar("no_access", Verdict.of(QUOTA_EXHAUSTED), all(fact(Fact.ZERO_LIMIT), status(0, 403, 429))),
            Rule.liar(
                    "daily_quota",
                    Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.TARGET),
                    all(any(fact(Fact.DAILY), text("quota will reset after", "per day per", "exhausted your daily", "exhausted your capacity")), status(0, 429))),
            Rule.liar(
                    "window_quota",
                    RATE_LIMIT,
                    all(text("exceeded your current quota", "quota exceeded for", "resource exhausted", "resource has been exhausted"), not(code("INSUFFICIENT_G1_CREDITS_BALANCE", "QUOTA_EXHAUSTED")), status(0, 429))),
            Rule.liar("capacity", OVERLOADED, code("MODEL_CAPACITY_EXHAUSTED")),
            Rule.liar("key", AUTH, code("API_KEY_INVALID", "API_KEY_EXPIRED")),
            Rule.code("precondition", Verdict.of(PERMISSION), "FAILED_PRECONDITION"));

    static final RuleTable BEDROCK = RuleTable.of(
            "bedrock",
            "Amazon Bedrock",
            List.of("bedrock", "aws_bedrock", "amazon_bedrock", "aws", "sagemaker", "aws_sagemaker"),
            Rule.liar("daily_tokens", Verdict.of(RATE_LIMIT).elsewhere(), all(text("tokens per day", "requests per day"), status(0, 429, 400))),
            Rule.liar("wait_tokens", RATE_LIMIT, all(text("too many tokens please wait", "too many requests please wait", "too many connections"), status(0, 429))),
            Rule.liar("model_access", PERMISSION, text("have access to the model with the specified model id", "model access is denied", "aws marketplace", "invalid payment instrument")),
            Rule.liar("on_demand", Verdict.of(NOT_FOUND), text("on demand throughput isnt supported", "on demand throughput isn t supported")),
            Rule.liar("guardrail", CONTENT_FILTER, text("guardrail intervened", "blocked by guardrail")));

    private ModelHouseRules() {}
}
