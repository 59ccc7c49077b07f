// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONFLICT;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.MODEL_LOADING;
import static dev.holdfast.failure.Category.NETWORK;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.REQUEST_TOO_LARGE;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.failure.Category.TIMEOUT;

import dev.holdfast.failure.Category;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.internal.ExceptionMapper;
import dev.langchain4j.internal.RetryUtils;
import dev.langchain4j.internal.RetryUtils.RetryPolicy;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** LangChain4j's own exception mapper and retry loop, run on what its JDK client would have thrown. */
final class LangChain4jJudge implements Judge {
    /** 500 ms plus the most that its jitter adds. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(600);

    private final RetryPolicy once =
            RetryUtils.retryPolicyBuilder().maxRetries(1).delayMillis(0).build();

    @Override
    public String name() {
        return "LangChain4j";
    }

    @Override
    public String basis() {
        return "1.18.0, called: `ExceptionMapper.DEFAULT` inside `RetryPolicy.withRetry`, counting the calls. Streaming models"
                + " have no retry, so an error inside a stream is given up; a plain 200 that is not JSON is a parse error,"
                + " which its loop repeats";
    }

    @Override
    public int kinds() {
        return 8;
    }

    @Override
    public Opinion judge(ErrorCase error) {
        if (error.isStream()) {
            return Opinion.stop(Opinion.about());
        }
        if (error.exception() == null && error.status() < 300) {
            boolean unreadable = error.status() == 200 && error.json() == null;
            return unreadable ? ask(() -> parseError()) : Opinion.stop(Opinion.about());
        }
        return ask(() -> {
            throw clientException(error);
        });
    }

    private Opinion ask(Callable<Object> request) {
        AtomicInteger calls = new AtomicInteger();
        try {
            once.withRetry(() -> {
                calls.incrementAndGet();
                return ExceptionMapper.DEFAULT.withExceptionMapper(request);
            });
            throw new IllegalStateException("the request cannot succeed");
        } catch (RuntimeException given) {
            return Opinion.of(calls.get() > 1, FIRST_WAIT, kinds(given));
        } finally {
            Thread.interrupted();
        }
    }

    private static Object parseError() {
        throw new RuntimeException(new IOException("not JSON"));
    }

    /** As its JdkHttpClient wraps them. */
    private static RuntimeException clientException(ErrorCase error) {
        if (error.exception() == null) {
            return new HttpException(error.status(), error.body());
        }
        Exception thrown = Thrown.from(error);
        if (thrown instanceof HttpTimeoutException) {
            return new TimeoutException(thrown);
        }
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new RuntimeException(thrown);
    }

    /** An exception passed on as it came names itself, so it counts as any trouble of a connection. */
    private static Set<Category> kinds(RuntimeException given) {
        if (given instanceof InternalServerException) {
            return Opinion.about(SERVER_ERROR, OVERLOADED, MODEL_LOADING);
        }
        if (given instanceof AuthenticationException) {
            return Opinion.about(AUTH, PERMISSION);
        }
        if (given instanceof ModelNotFoundException) {
            return Opinion.about(NOT_FOUND);
        }
        if (given instanceof TimeoutException) {
            return Opinion.about(TIMEOUT);
        }
        if (given instanceof RateLimitException) {
            return Opinion.about(RATE_LIMIT, QUOTA_EXHAUSTED);
        }
        if (given instanceof InvalidRequestException) {
            return Opinion.about(INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTER, REQUEST_TOO_LARGE, CONFLICT);
        }
        return Opinion.about(NETWORK, STREAM_INTERRUPTED, TIMEOUT);
    }
}
