// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.CONFLICT;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.REQUEST_TOO_LARGE;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.any;
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.statusBetween;
import static dev.holdfast.llm.error.Condition.text;

import java.util.List;

/** Words that mean the same at every provider and outrank codes and statuses, which lie: billing, size, context, content. */
final class StrongWords {

    private static final Condition LIMIT_STATUS = status(0, 400, 413, 429);

    /** Statuses under which a request can be what is at fault. */
    private static final Condition REFUSED =
            any(status(0, 400, 403, 404, 409, 412, 413, 422, 424, 451), statusBetween(500, 503));

    static final List<Rule> RULES = List.of(
            Rule.caller("client_left", any(status(499), text("""
                    request canceled, request cancelled, context canceled, client closed request, client disconnected
                    request was aborted by the client
                    """))),
            Rule.liar(
                    "over_whole_limit",
                    REQUEST_TOO_LARGE,
                    all(fact(Fact.OVER_WHOLE_LIMIT), LIMIT_STATUS, not(text("context, model token limit")))),
            Rule.liar(
                    "larger_than_limit",
                    REQUEST_TOO_LARGE,
                    all(text("request too large, request is too large"), LIMIT_STATUS)),
            Rule.liar("body_too_large", REQUEST_TOO_LARGE, all(text("""
                    payload too large, request entity too large, entity too large, body too large, body is too large
                    payload size exceeds, request size exceeds, request body size, body size exceeds, maximum request size
                    exceeds the maximum size, exceeds the maximum allowed size, exceeds the maximum allowed number of bytes, request exceeds the maximum size
                    """), LIMIT_STATUS)),
            Rule.liar("budget", QUOTA_EXHAUSTED, text("""
                    budget has been exceeded, budget exceeded, exceeded budget, exceeded their budget, exceeded your budget
                    over budget, crossed budget, allocated budget, exceededbudget, exceededtokenbudget, max budget
                    """)),
            // some send these with 5xx; no wait fills an account
            Rule.liar("empty_account", QUOTA_EXHAUSTED, all(text("""
                            insufficient balance, insufficient credit, insufficient funds, insufficient account
                            insufficient user quota, balance is insufficient, balance is not enough, balance not enough, not enough balance
                            not enough credits, token quota is not enough, account is in arrears
                            余额不足, 额度不足, 欠费, 剩余额度, 预扣费额度失败
                            """), not(text("quota exceeded for metric")))),
            Rule.liar(
                    "billing",
                    QUOTA_EXHAUSTED,
                    all(
                            text("""
                            insufficient quota, credit balance is too low, out of credits, no credits, not enough credits
                            any credits, enough credits, all available credits, more credits, credits exhausted
                            credits expired, credits have been, credits are required, usage is required for, extra usage
                            spending limit, spend limit, spending cap, spend cap, hard limit has been reached, billing hard limit, monthly limit, credit limit
                            check your plan and billing, payment required, purchase credits, purchase more, add credits, add funds
                            buy credits, balance too low
                            balance is too low, negative balance, recharge, top up, topup, overdue, in arrears, arrearage, unpaid
                            past invoices, failure to pay, maximum billing, payment method at, add or update your payment
                            usage limits you will regain, api usage limits, reached your usage limit, usage limit reached
                            usage limit exceeded, hit your usage limit, your usage limit has been, freeusagelimit
                            hourly usage limit, daily usage limit, weekly usage limit, monthly usage limit, session usage limit
                            monthly included credits, exceeded your monthly, exceeded the monthly, monthly quota, monthly token quota
                            quota for this account, quota has been reached
                            account is not active, billing not active, free tier of the model has been exhausted, free quota
                            free credits, daily free allocation, free allocation, trial credits, prepayment credits, depleted
                            quota is exhausted, quota exhausted, quota has been exhausted, quota has run out, used up your
                            quota exceeded for your account, key limit exceeded, subscription has expired, plan has expired
                            subscription or usage limit
                            inference limit, billing cycle, billing period
                            额度已用尽, 余额已用尽, 账户余额, 资源包
                            """),
                            not(
                                    text(
                                            "quota exceeded for metric, generativelanguage, ai google dev, not your usage limit")),
                            not(statusBetween(500, 599)))),
            // limits of a subscription, which come back at an hour of the day
            Rule.liar(
                    "plan_limit",
                    QUOTA_EXHAUSTED,
                    all(
                            text("hit your limit, 5 hour limit, your limit will reset, limits will reset"),
                            not(text("rate limit, per minute, per second")),
                            not(fact(Fact.WAIT_STATED)),
                            status(0, 403, 429))),
            Rule.liar(
                    "zero_limit",
                    QUOTA_EXHAUSTED,
                    all(fact(Fact.ZERO_LIMIT), status(0, 403, 429), text("quota, limit, resource"))),
            Rule.liar(
                    "locked",
                    CONFLICT,
                    all(
                            text(
                                    "another process is currently operating, is currently locked, already in progress, another request is, is locked by"),
                            status(0, 400, 409, 423))),
            Rule.liar(
                    "output_limit",
                    Verdict.of(INVALID_REQUEST).elsewhere(),
                    all(text("""
                            maximum tokens you requested exceed, maximum allowed number of output tokens, max tokens is too large
                            max tokens must be less than, max completion tokens must be less than, max completion tokens is too large
                            completion tokens whereas you provided, maximum output tokens, max output tokens, maxoutputtokens
                            maximum number of items, maximum number of tools, maximum length 128, invalid max tokens value
                            range of max tokens, max tokens should be, max tokens cannot exceed, max tokens exceeds, max new tokens must be
                            a maximum of, at most
                            """), not(text("context, inputs tokens")), status(0, 400, 422, 500))),
            Rule.liar(
                    "context",
                    CONTEXT_LENGTH,
                    all(
                            text("""
                            maximum context length, max context length, context length exceeded, context length is only
                            exceeds the context, exceed the context, exceeds context, exceed context, exceeded context
                            context window, context limit, max context, maximum context, available context size, context size
                            max length exceeded, maximum length exceeded, model max length, must be at least 1 got
                            input too large, tokens exceeds budget, max seq len, max model len, length of prompt tokens
                            model context length, models context length, greater than the context, context the overflows
                            context overflow, exceeds the available context, context length of
                            prompt is too long, prompt too long, prompt is longer, input is too long, input too long
                            text is too long, messages is too long, messages are too long, conversation is too long
                            input length and, inputs tokens max new tokens, inputs must have less than, input must have less than
                            input length exceeds, input tokens exceed, input exceeds the, too many input tokens, too many prompt tokens
                            maximum number of tokens allowed, maximum number of input tokens, maximum input length
                            maximum input tokens, maximum prompt length, maximum model length, input token count, input token limit
                            prompt token count, prompt tokens exceed, prompt contains too many tokens, total number of tokens
                            range of input length, exceeds the maximum input, too many tokens size limit, total message token length
                            longer than the maximum, longer than the models, larger than the max context, larger than the maximum context
                            reduce the length of the, reduce the length of your, reduce your prompt
                            exceeds maximum length, exceeds the maximum length, token limit exceeded, exceeds token limit
                            exceeded model token limit, exceeds the models maximum, exceeds the models max, exceeds model
                            max tokens allowed in, more than max tokens allowed, shorter or fewer inputs, tokens exceeds the
                            上下文长度, 超过最大长度, 输入过长
                            """),
                            REFUSED,
                            not(
                                    text(
                                            "per minute, per min, per day, per second, file size, image size, at least 1 got 0|")))),
            Rule.liar("content_policy", CONTENT_FILTER, all(text("""
                            content management policy, content filter, content policy, content policies, content security
                            usage policies, usage policy, usage guidelines, inappropriate content, prohibited content, harmful content
                            sensitive content, sensitive words, sensitive information, potentially sensitive, unsafe content
                            unsafe or sensitive, safety system, safety filter, safety check, safety reasons, safety settings
                            blocked by safety, blocked due to, flagged, moderation, data inspection, content exists risk
                            responsible ai, policy violation, violates our, violate our, violates the content, violation of our
                            blocked by guardrail, guardrail intervened, prompt was blocked, response was blocked, request was blocked
                            output blocked, blocked output, blocked input, input blocked, prompt blocked, model armor, high risk
                            敏感, 违规, 不安全
                            """), any(REFUSED, status(401)))));

    private StrongWords() {}
}
