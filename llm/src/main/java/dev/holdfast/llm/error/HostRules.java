// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
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

/** Hosts of models and local servers. Only what differs from {@link SharedRules}. */
final class HostRules {
    static final RuleTable MISTRAL = RuleTable.of(
            "mistral",
            "Mistral",
            List.of("mistral", "mistralai"),
            Rule.liar("tier_capacity", OVERLOADED, text("service tier capacity exceeded")));

    static final RuleTable XAI = RuleTable.of(
            "xai",
            "xAI",
            List.of("xai", "grok"),
            Rule.liar("safety_check", CONTENT_FILTER, text("safety check type", "usage guidelines")),
            Rule.liar("credits", QUOTA_EXHAUSTED, text("used all available credits", "monthly spending limit")));

    static final RuleTable DEEPSEEK = RuleTable.of(
            "deepseek",
            "DeepSeek",
            List.of("deepseek"),
            Rule.liar("content_risk", CONTENT_FILTER, text("content exists risk")));

    static final RuleTable FIREWORKS = RuleTable.of(
            "fireworks",
            "Fireworks",
            List.of("fireworks", "fireworks_ai"),
            Rule.liar("suspended", QUOTA_EXHAUSTED, all(text("is suspended"), status(0, 402, 403, 412))));

    static final RuleTable OPENROUTER = RuleTable.of(
            "openrouter",
            "OpenRouter",
            List.of("openrouter"),
            Rule.liar("free_pool", Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.TARGET), text("free models per day", "free models per month")),
            Rule.liar("smaller_request_fits", Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.REQUEST), all(text("prompt tokens limit exceeded", "fewer max tokens"), not(text("can only afford 0 ")), status(0, 402))),
            Rule.liar("no_upstream", NOT_FOUND, all(text("no endpoints found", "no endpoints available", "no allowed providers"), not(status(429)))));

    static final RuleTable LITELLM = RuleTable.of(
            "litellm",
            "LiteLLM proxy",
            List.of("litellm", "litellm_proxy"),
            Rule.liar("team_model", PERMISSION, text("invalid model for team", "invalid model for key", "team not allowed to access", "key not allowed to access", "can only access models")),
            Rule.liar("cooling_down", OVERLOADED, text("no deployments available")));

    static final RuleTable OLLAMA = RuleTable.of(
            "ollama",
            "Ollama",
            List.of("ollama", "ollama_cloud"),
            Rule.liar("memory", Verdict.of(SERVER_ERROR).elsewhere(), text("requires more system memory", "requires more memory", "cudamalloc failed", "out of memory")),
            Rule.status("runner_failed", STREAM_INTERRUPTED, all(fact(Fact.IN_STREAM), fact(Fact.ERROR_FOUND))));

    static final RuleTable HUGGING_FACE = RuleTable.of(
            "huggingface",
            "Hugging Face and TGI",
            List.of("huggingface", "huggingface_tgi", "hf", "tgi"),
            Rule.code("tgi_generation", Verdict.of(SERVER_ERROR), "generation", "incomplete_generation"));

    static final RuleTable EDGE = RuleTable.of(
            "edge",
            "Proxies and edges (nginx, Cloudflare, load balancers)",
            List.of("nginx", "cloudflare", "nginx_cloudflare", "envoy", "haproxy", "aws_alb", "alb"),
            Rule.liar("cloudflare_limit", RATE_LIMIT, all(text("error 1015", "you are being rate limited"), status(0, 403, 429))),
            Rule.liar("challenge", PERMISSION, all(fact(Fact.HTML), text("just a moment", "attention required", "error 1020", "you have been blocked", "enable javascript and cookies"), status(0, 403, 429, 503))),
            Rule.liar("worker_limit", OVERLOADED, all(code("worker_limit"), any(status(429), status(503)))),
            Rule.liar("edge_key", AUTH, all(text("authorization required"), status(401))));

    private HostRules() {}
}
