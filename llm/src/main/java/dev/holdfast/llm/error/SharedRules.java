// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
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
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.statusBetween;
import static dev.holdfast.llm.error.Condition.text;

import dev.holdfast.failure.Reach;
import java.util.ArrayList;
import java.util.List;

/** Words that mean the same at every provider. Strong ones outrank codes and statuses, which lie; weak ones do not. */
final class SharedRules {
    private static final Condition NOT_THROTTLED = not(status(429));

    /** Statuses with which a request can be at fault, none included. */
    private static final Condition REFUSED =
            any(status(0, 400, 403, 404, 409, 412, 413, 422, 424, 451), statusBetween(500, 503));

    private static final List<Rule> STRONG_WORDS = List.of(
            Rule.caller("client_closed_request", status(499)),
            Rule.caller(
                    "client_left",
                    text("request canceled", "request cancelled", "context canceled", "client closed request", "client disconnected", "request was aborted by the client")),
            Rule.liar("over_whole_limit", REQUEST_TOO_LARGE, all(fact(Fact.OVER_WHOLE_LIMIT), status(0, 400, 413, 429))),
            Rule.liar("request_too_large_words", REQUEST_TOO_LARGE, all(text("request too large"), status(0, 400, 413, 429))),
            Rule.liar(
                    "billing_words",
                    QUOTA_EXHAUSTED,
                    all(
                            text(
                                    "insufficient quota", "insufficient balance", "insufficient credit", "insufficient funds", "insufficient account balance",
                                    "credit balance is too low", "out of credits", "no credits", "not enough credits", "used all available credits", "more credits",
                                    "credits exhausted", "credits have been", "spending limit", "spend limit", "hard limit has been reached", "billing hard limit", "monthly limit",
                                    "check your plan and billing", "payment required", "purchase credits", "purchase more", "add credits", "add funds",
                                    "budget has been exceeded", "budget exceeded", "exceeded budget", "exceeded their budget", "over budget", "crossed spend", "max budget", "exceeded your budget",
                                    "balance is insufficient", "balance is not enough", "balance not enough", "recharge", "top up", "topup", "overdue", "in arrears", "arrearage", "past invoices", "unpaid",
                                    "usage limits you will regain", "specified api usage limits", "usage limit", "monthly included credits", "exceeded your monthly", "exceeded the monthly", "monthly quota", "monthly usage",
                                    "account is not active", "billing not active", "billing details on our website", "free tier of the model has been exhausted", "free quota", "free credits", "prepayment credits", "credit limit", "limit exceeded for this billing",
                                    "quota is exhausted", "quota exhausted", "quota has been exhausted", "used up your", "insufficient user quota", "trial credits", "depleted"),
                            not(text("quota exceeded for metric", "generativelanguage", "ai google dev")),
                            not(text("long context")),
                            not(statusBetween(500, 599)))),
            Rule.liar(
                    "budget_words",
                    QUOTA_EXHAUSTED,
                    text("budget has been exceeded", "exceeded budget", "exceeded their budget", "over budget", "budget exceeded")),
            Rule.liar(
                    "zero_limit",
                    QUOTA_EXHAUSTED,
                    all(fact(Fact.ZERO_LIMIT), status(0, 403, 429), text("quota", "limit", "resource"))),
            Rule.liar("locked", CONFLICT, all(text("another process is currently operating", "is currently locked", "already in progress", "another request is"), status(0, 400, 409, 423))),
            Rule.liar(
                    "context_words",
                    CONTEXT_LENGTH,
                    all(
                            text(
                                    "maximum context length", "max context length", "context length exceeded", "context length is only", "exceeds the context", "exceed the context", "exceeds context", "exceed context", "exceeded context",
                                    "context window", "context limit", "max context", "maximum context", "available context size", "context size", "context length limit", "model context length", "models context length",
                                    "prompt is too long", "prompt too long", "prompt is longer", "input is too long", "input too long", "input length and", "inputs tokens max new tokens", "input validation error inputs",
                                    "too many input tokens", "maximum number of tokens allowed", "maximum number of input tokens", "input token count", "reduce the length of the messages", "reduce your prompt", "reduce the length of your",
                                    "maximum prompt length", "maximum input length", "range of input length", "exceeds the maximum input", "input tokens exceed", "prompt token count", "prompt tokens exceed", "too many tokens size limit",
                                    "longer than the maximum", "longer than the models", "exceeds the limit of", "larger than the maximum context", "exceeds maximum length", "exceeds the maximum length",
                                    "total number of tokens", "tokens in request more than max tokens allowed", "token limit exceeded", "exceeded model token limit", "exceeds the models maximum", "exceeds model", "prompt contains too many tokens", "shorter or fewer inputs", "input exceeds the"),
                            REFUSED)),
            Rule.liar(
                    "content_policy_words",
                    CONTENT_FILTER,
                    all(
                            text(
                                    "content management policy", "content filter", "content filtering", "content policy", "content policies", "usage policies", "usage policy", "usage guidelines", "inappropriate content",
                                    "safety system", "content exists risk", "flagged", "moderation", "data inspection", "prohibited content", "blocked by safety", "safety filters", "safety check", "harmful content", "sensitive content",
                                    "sensitive words", "unsafe content", "unsafe or sensitive", "responsible ai", "potentially sensitive", "policy violation", "violates our", "content security", "blocked by guardrail", "guardrail intervened", "prompt was blocked", "response was blocked",
                                    "model armor"),
                            any(REFUSED, status(401)))),
            Rule.liar(
                    "key_words",
                    AUTH,
                    all(
                            text(
                                    "invalid api key", "incorrect api key", "api key not valid", "invalid x api key", "api key is invalid", "api key is not valid", "api key expired", "api key has expired", "api key invalid",
                                    "invalid apikey", "api key was reported", "api key not found", "no api key", "missing api key", "provide an api key", "provide a valid api key", "provide a valid key", "wrong api key", "invalid key", "invalid subscription key",
                                    "invalid authentication", "invalid authorization", "invalid bearer", "invalid token", "invalid access token", "invalid credentials", "invalid username or password", "authentication fails", "authentication failed",
                                    "no auth credentials", "no cookie auth", "missing authentication", "missing bearer", "could not validate credentials", "security token included in the request", "signature we calculated", "signature expired", "token has expired", "token is expired", "token expired", "expired token",
                                    "key has been revoked", "key has been disabled", "key is disabled", "key is blocked", "api key is blocked", "account has been disabled", "account deactivated", "account has been deactivated", "organization has been disabled", "key is inactive",
                                    "unable to locate credentials", "unable to load credentials", "credentials were not found", "request had invalid authentication", "request is missing required authentication", "authentication required", "user not found"),
                            status(0, 400, 401, 403, 500))),
            Rule.liar(
                    "not_allowed_words",
                    PERMISSION,
                    all(
                            text(
                                    "country region or territory", "location is not supported", "not supported in your country", "not available in your country", "not available in your region", "unsupported country", "not available in this region",
                                    "must be verified", "is not allowed to use", "not allowed to access", "not allowed to sample", "not allowed to use", "permission denied", "does not have permission", "do not have permission", "dont have permission", "lacks permission", "insufficient permission", "missing scopes",
                                    "not authorized to", "is not authorized", "isnt authorized", "dont have access to the model with", "do not have access to the model with", "does not have access to model", "dont have access to this", "you have not been granted", "access to this model is", "access denied", "access is denied", "accessdenied",
                                    "gated", "not enabled for", "is not enabled", "has not been used in project", "been used in project", "requires terms", "terms of service", "terms acceptance", "only authorized for", "ip address", "ip is not", "not permitted to", "not entitled", "team not allowed", "key not allowed", "can only access models", "not included in your plan", "requires a subscription", "upgrade your plan to"),
                            status(0, 400, 401, 403, 404))));

    static final RuleTable TABLE = new RuleTable("shared", "All providers", List.of(), rules());

    private SharedRules() {}

    private static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>(STRONG_WORDS);
        rules.addAll(MORE_STRONG_WORDS());
        rules.addAll(SharedCodes.RULES);
        rules.addAll(weakWords());
        rules.addAll(StatusRules.RULES);
        return rules;
    }

    private static List<Rule> MORE_STRONG_WORDS() {
        return List.of(
                Rule.liar(
                        "model_missing_words",
                        NOT_FOUND,
                        all(
                                any(
                                        text(
                                                "model not found", "no such model", "unknown model", "invalid model", "model identifier is invalid", "model id is invalid", "not a valid model", "is not a valid model", "model not exist", "model does not exist", "model is not found", "try pulling it first",
                                                "no endpoints", "no allowed providers", "deployment for this resource does not exist", "resource not found", "decommissioned", "has been deprecated", "is deprecated", "end of its life", "end of life", "no longer available", "no longer supported", "been retired", "been shut down", "has been discontinued", "model is not available", "not found for api version", "model not supported", "model is not supported", "unsupported model", "not supported by any provider", "on demand throughput", "requested entity was not found", "doesnt exist or you"),
                                        all(text("model", "the model", "deployment", "endpoint"), text("does not exist", "doesnt exist", "was not found", "could not be found"))),
                                status(0, 400, 404, 410, 422, 500))),
                Rule.liar(
                        "capacity_words",
                        OVERLOADED,
                        all(
                                text(
                                        "overloaded", "at capacity", "no capacity", "capacity exceeded", "over capacity", "insufficient capacity", "capacity constraints", "currently unavailable due to", "out of capacity", "server overload", "server is busy", "servers are busy", "service is busy", "too busy", "system is busy", "high demand", "heavy load", "high load", "queue is full", "no healthy upstream", "no available capacity", "engine is currently", "model is busy", "model busy", "total request limit reached"),
                                not(status(400, 401, 403, 404)))),
                Rule.liar(
                        "loading_words",
                        MODEL_LOADING,
                        text("is currently loading", "model is loading", "loading model", "model is not ready", "model not ready", "warming up", "still loading", "cold start", "model is starting", "is being loaded")));
    }

    private static List<Rule> weakWords() {
        Condition limited = text("rate limit", "rate limited", "ratelimit", "too many requests", "too many tokens", "too many concurrent", "per minute", "per min", "per second", "per hour", "per day", "tpm", "rpm", "tpd", "rpd", "throttl", "throttling", "quota exceeded", "exceeded quota", "slow down", "request limit", "requests limit", "limit exceeded", "exceeded the limit", "concurrency limit", "request rate", "rate exceeded", "resource exhausted", "resource has been exhausted");
        Condition mayBeLimit = status(0, 429, 400, 403, 503, 500);
        return List.of(
                Rule.text("daily_limit", Verdict.of(RATE_LIMIT).elsewhere(), all(limited, text("per day", "daily", "tpd", "rpd", "per month", "per week", "weekly"), status(0, 429), not(fact(Fact.WAIT_STATED)))),
                Rule.text("limit_words", RATE_LIMIT, all(limited, mayBeLimit)),
                Rule.text("timeout_words", TIMEOUT, all(text("timed out", "timeout ", "time out ", "deadline exceeded", "took too long"), not(status(400, 401, 403, 404, 422, 429)))),
                Rule.text(
                        "feature_words",
                        Verdict.of(INVALID_REQUEST).elsewhere(),
                        all(
                                text("not supported", "does not support", "do not support", "doesnt support", "dont support", "isnt supported", "arent supported", "unsupported parameter", "unsupported value", "unsupported", "not available for this model", "not compatible with", "cannot fetch content", "not implemented", "model does not", "this model requires", "only supported", "isnt available", "not available with"),
                                not(text("unsupported image", "unsupported file", "unsupported mime", "unsupported media", "unsupported format", "unsupported content type", "unsupported role")),
                                any(status(0, 400, 404, 405, 422, 501), fact(Fact.IN_STREAM)))),
                Rule.text("unavailable_words", OVERLOADED, all(text("temporarily unavailable", "service unavailable", "unavailable"), any(status(0, 429), statusBetween(500, 599)))),
                Rule.text("internal_words", SERVER_ERROR, all(text("internal server error", "internal error", "unexpected error", "upstream error", "bad gateway", "provider returned error", "processing your request"), status(0))),
                Rule.text("unauthorized_words", AUTH, all(text("unauthorized", "unauthenticated", "not authenticated"), status(0, 401))),
                Rule.text("too_large_words", REQUEST_TOO_LARGE, all(text("payload too large", "request entity too large", "entity too large", "body too large", "request body is too large", "exceeds the maximum size", "exceeds the maximum allowed size", "maximum request size", "exceeds limit"), status(0, 400, 413))),
                Rule.text("key_limit", Verdict.of(QUOTA_EXHAUSTED).reaching(Reach.CREDENTIAL), all(text("key limit exceeded", "limit exceeded total limit"), status(0, 402, 403))));
    }
}
