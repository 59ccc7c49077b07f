// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.MODEL_LOADING;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.TIMEOUT;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.any;
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.statusBetween;
import static dev.holdfast.llm.error.Condition.text;

import java.util.List;

/** Words about capacity and limits. Those of capacity outrank codes and statuses; those of limits and the weaker rest come
 * after typed codes. */
final class LoadWords {

    private static final Condition LIMIT = text("""
            rate limit, rate limited, ratelimit, too many requests, too many tokens, too many concurrent
            per minute, per min|, per second, per hour, per day, tpm|, rpm|, tpd|, rpd|, throttl, throttling, quota exceeded
            exceeded quota, slow down, request limit, requests limit, limit exceeded, limit reached, exceeded the limit
            concurrency limit, max parallel request limit, request rate, rate exceeded, rate limiting, rate is too high
            resource exhausted, resource has been exhausted, usage limit, 请求过多, 频率, 限流
            """);

    private static final Condition LONG_WINDOW =
            text("per day, daily, tpd|, rpd|, per week, weekly, per month, monthly, calls month, by day, 7 day");

    static final List<Rule> STRONG = List.of(
            Rule.liar(
                    "long_window",
                    Verdict.of(RATE_LIMIT).elsewhere(),
                    all(LIMIT, LONG_WINDOW, status(0, 429), not(fact(Fact.WAIT_STATED)))),
            Rule.liar(
                    "capacity",
                    OVERLOADED,
                    all(text("""
                            overloaded, at capacity, no capacity, over capacity, out of capacity, insufficient capacity, available capacity
                            capacity exceeded, capacity temporarily exceeded, capacity constraints, capacity limit, capacity is limited
                            not enough capacity, server overload, service overload, server is busy, server busy, servers are busy
                            service is busy, system is busy, is too busy, too busy, system is too busy, model busy, model is busy
                            high demand, heavy load, high load, high traffic, heavy traffic, queue is full, queue full
                            pending requests exceeded, no healthy upstream, no healthy deployments, no deployments available
                            engine is currently, total request limit reached, temporarily limiting requests, resource unavailable
                            负载已饱和, 繁忙, 过载
                            """), not(text("rate limit exceeded")), not(status(400, 401, 402, 403, 404, 422)))),
            Rule.liar("loading", MODEL_LOADING, text("""
                    is currently loading, model is loading, loading model, model is not ready, model not ready, warming up
                    still loading, cold start, model is starting, is being loaded, scaling up, scaled to zero, is initializing
                    """)));

    static final List<Rule> WEAK = List.of(
            Rule.text("limit", RATE_LIMIT, all(LIMIT, status(0, 400, 403, 429, 500, 503))),
            Rule.text(
                    "timeout",
                    TIMEOUT,
                    all(
                            text(
                                    "timed out, timing out, timeout|, time out|, deadline exceeded, deadline expired, took too long"),
                            not(statusBetween(400, 407)),
                            not(status(422, 429)))),
            Rule.text(
                    "feature",
                    Verdict.of(INVALID_REQUEST).elsewhere(),
                    all(text("""
                            not supported, does not support, do not support, doesnt support, dont support, isnt supported
                            arent supported, unsupported, not available for this model, not available with, not compatible with
                            isnt available, cannot fetch content, not implemented, model does not, model only, model requires
                            only supported, is not enabled, are not enabled, tool choice requires, for this model, with this model, on this model, by this model, is enabled only, not allowed with this model
                            not permitted with this model, has no support, without support for
                            """), not(text("""
                            unsupported image, unsupported file, unsupported mime, unsupported media, unsupported format
                            unsupported content type, unsupported role, unsupported url
                            """)), any(status(0, 400, 404, 405, 422, 501), fact(Fact.IN_STREAM)))),
            Rule.text(
                    "unavailable",
                    OVERLOADED,
                    all(
                            text("temporarily unavailable, service unavailable, currently unavailable, unavailable"),
                            any(status(0, 429), statusBetween(500, 599)))),
            // A 503 is usually a lack of capacity; some servers send it for a fault of their own and say so.
            Rule.text("fault", SERVER_ERROR, all(text("server had an error, internal server error"), status(503))),
            Rule.text(
                    "unauthorized",
                    AUTH,
                    all(text("unauthorized, unauthenticated, not authenticated"), status(0, 401))),
            Rule.text("no_such", NOT_FOUND, all(text("not found"), status(0))),
            Rule.text("forbidden", PERMISSION, all(text("forbidden"), status(0))),
            Rule.text("bad_request", INVALID_REQUEST, all(text("bad request, unprocessable entity"), status(0))),
            Rule.text("internal", SERVER_ERROR, all(text("""
                            internal server error, internal error, unexpected error, upstream error, bad gateway
                            provider returned error, processing your request, server had an error, server error
                            """), status(0))));

    private LoadWords() {}
}
