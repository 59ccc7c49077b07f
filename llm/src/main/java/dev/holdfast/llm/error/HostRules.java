// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.text;

import dev.holdfast.failure.Reach;
import java.util.List;

/** Hosts of open models, model houses with an API of OpenAI's form, and gateways: what differs from the shared rules. */
final class HostRules {

    private static final Condition LIMIT_STATUS = status(0, 429);

    static final List<RuleTable> TABLES = List.of(
            RuleTable.of(
                    "mistral",
                    "Mistral",
                    List.of("mistral", "mistralai"),
                    Rule.liar("tier_capacity", OVERLOADED, text("service tier capacity exceeded")),
                    Rule.code("capacity", OVERLOADED, code("3505")),
                    Rule.code("limit", RATE_LIMIT, all(code("1300"), LIMIT_STATUS)),
                    Rule.code("no_model", NOT_FOUND, code("1500"))),
            RuleTable.of(
                    "groq",
                    "Groq",
                    List.of("groq"),
                    Rule.code("blocked", QUOTA_EXHAUSTED, code("blocked_api_access, spend_limit_reached")),
                    Rule.code(
                            "model_blocked",
                            PERMISSION,
                            code("model_permission_blocked_org, model_permission_blocked_project"))),
            RuleTable.of(
                    "deepseek",
                    "DeepSeek",
                    List.of("deepseek"),
                    Rule.liar("content_risk", CONTENT_FILTER, text("content exists risk")),
                    Rule.code("no_resources", OVERLOADED, code("insufficient_system_resource"))),
            RuleTable.of(
                    "xai",
                    "xAI",
                    List.of("xai", "grok"),
                    Rule.liar("safety_check", CONTENT_FILTER, text("safety check type, usage guidelines")),
                    Rule.liar(
                            "credits",
                            QUOTA_EXHAUSTED,
                            text("all available credits, monthly spending limit, have any credits"))),
            RuleTable.of(
                    "cohere",
                    "Cohere",
                    List.of("cohere"),
                    Rule.liar(
                            "trial_month",
                            QUOTA_EXHAUSTED,
                            all(text("trial key"), text("calls month, per month"), LIMIT_STATUS)),
                    Rule.code("context", CONTEXT_LENGTH, all(code("TOO_MANY_TOKENS"), status(0, 400, 422))),
                    Rule.status("invalid_token", AUTH, status(498))),
            RuleTable.of(
                    "cerebras",
                    "Cerebras",
                    List.of("cerebras"),
                    Rule.liar("queue", OVERLOADED, code("queue_exceeded")),
                    Rule.code(
                            "quota",
                            RATE_LIMIT,
                            all(
                                    code("token_quota_exceeded, request_quota_exceeded, too_many_tokens_error"),
                                    LIMIT_STATUS))),
            RuleTable.of(
                    "fireworks",
                    "Fireworks, Together, Perplexity and similar hosts",
                    List.of(
                            "fireworks",
                            "fireworks_ai",
                            "together",
                            "together_ai",
                            "perplexity",
                            "deepinfra",
                            "novita",
                            "nvidia",
                            "nvidia_nim",
                            "sambanova",
                            "nebius",
                            "hyperbolic"),
                    Rule.liar("suspended", QUOTA_EXHAUSTED, all(text("is suspended"), status(0, 402, 403, 412))),
                    Rule.liar("degraded", SERVER_ERROR, text("degraded function, function cannot be invoked")),
                    Rule.code(
                            "model_limit",
                            RATE_LIMIT,
                            code("model_rate_limit, dynamic_request_limited, dynamic_token_limited"))),
            RuleTable.of(
                    "huggingface",
                    "Hugging Face and TGI",
                    List.of("huggingface", "huggingface_tgi", "hf", "tgi"),
                    Rule.code("generation", SERVER_ERROR, code("generation, incomplete_generation")),
                    Rule.code("unhealthy", OVERLOADED, code("healthcheck"))),
            RuleTable.relay(
                    "openrouter",
                    "OpenRouter",
                    List.of("openrouter"),
                    Rule.liar(
                            "free_pool",
                            Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.TARGET),
                            text("free models per day, free models per month")),
                    Rule.liar(
                            "smaller_request_fits",
                            Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.REQUEST),
                            all(
                                    text("prompt tokens limit exceeded, fewer max tokens"),
                                    not(text("can only afford 0|")),
                                    status(0, 402))),
                    Rule.liar(
                            "no_upstream",
                            NOT_FOUND,
                            all(
                                    text("no endpoints found, no endpoints available, no allowed providers"),
                                    not(status(429)))),
                    Rule.liar("upstream_limit", RATE_LIMIT, all(text("rate limited upstream"), LIMIT_STATUS))),
            RuleTable.relay(
                    "litellm",
                    "LiteLLM proxy and similar gateways",
                    List.of(
                            "litellm",
                            "litellm_proxy",
                            "portkey",
                            "vercel",
                            "vercel_ai_gateway",
                            "openai_compatible_gateway",
                            "one_api",
                            "new_api"),
                    Rule.liar(
                            "session_budget",
                            Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.REQUEST),
                            text("session budget exceeded, max budget per session")),
                    Rule.liar("route_budget", Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.TARGET), text("""
                            exceeded budget for provider, budget for provider, budget for tag, exceeded budget for tag, exceeded budget for model
                            exceeded budget for deployment
                            """)),
                    Rule.liar("no_channel", NOT_FOUND, text("no available channel, 无可用渠道")),
                    Rule.liar(
                            "cooling_down",
                            OVERLOADED,
                            all(
                                    text("no deployments available, no healthy deployments"),
                                    not(text("budget, invalid model")),
                                    not(status(400, 401))))),
            RuleTable.relay(
                    "edge",
                    "Proxies and edges: nginx, Cloudflare, load balancers",
                    List.of("nginx", "cloudflare", "nginx_cloudflare", "envoy", "haproxy", "aws_alb", "alb", "akamai"),
                    Rule.liar(
                            "cloudflare_limit",
                            RATE_LIMIT,
                            all(text("error 1015, error code 1015, you are being rate limited"), status(0, 403, 429))),
                    Rule.liar(
                            "challenge",
                            PERMISSION,
                            all(
                                    fact(Fact.HTML),
                                    text(
                                            "just a moment, attention required, error 1020, error code 1020, you have been blocked, enable javascript and cookies"),
                                    status(0, 403, 429, 503))),
                    Rule.code("workers_ai_capacity", OVERLOADED, all(code("3040"), status(0, 429))),
                    Rule.code("workers_ai_quota", QUOTA_EXHAUSTED, all(code("3036"), LIMIT_STATUS))));

    private HostRules() {}
}
