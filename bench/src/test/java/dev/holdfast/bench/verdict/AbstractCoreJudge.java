// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONFLICT;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.INVALID_OUTPUT;
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

import dev.holdfast.bench.verdict.AbstractCoreErrors.Mapped;
import dev.holdfast.bench.verdict.AbstractCoreErrors.Type;
import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** AbstractCore's retry manager: its type of error and its text decide. */
final class AbstractCoreJudge implements Judge {
    /** Full jitter over its first delay; this is the most. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "AbstractCore";
    }

    @Override
    public String basis() {
        return "written here after its behaviour: per-provider mapping, error mapper, `classify_error`, first"
                + " `should_retry`. Providers that it has no module for go through its OpenAI-compatible one; exceptions keep"
                + " their JVM names and texts. The official Python clients below it, which retry on their own, are left out."
                + " Streams have no retry";
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
        boolean success = error.status() == 200 && error.json() != null;
        boolean unseen = error.status() == 0 && error.exception() == null;
        if (success || unseen || cancelled(error)) {
            return Opinion.stop(Opinion.about());
        }
        Mapped mapped = AbstractCoreErrors.map(error);
        return switch (mapped.type()) {
            case AUTHENTICATION -> Opinion.stop(Opinion.about(AUTH, PERMISSION));
            case MODEL_NOT_FOUND -> Opinion.stop(Opinion.about(NOT_FOUND));
            case INVALID_REQUEST ->
                Opinion.stop(
                        Opinion.about(INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTER, REQUEST_TOO_LARGE, CONFLICT));
            case RATE_LIMIT, API -> Opinion.retry(FIRST_WAIT, kindsOfRetried(mapped));
        };
    }

    /** A cancellation is no ordinary exception there, and passes its retries by. */
    private static boolean cancelled(ErrorCase error) {
        return error.exception() != null && Thrown.from(error) instanceof InterruptedException;
    }

    /** What its classifier calls an error of a type that is not excluded from retries; all of these get a second attempt. */
    private static Set<Category> kindsOfRetried(Mapped mapped) {
        String text = mapped.text().toLowerCase(Locale.ROOT);
        if (text.contains("rate limit") || text.contains("429") || mapped.type() == Type.RATE_LIMIT) {
            return Opinion.about(RATE_LIMIT, QUOTA_EXHAUSTED);
        }
        if (text.contains("timeout") || text.contains("timed out")) {
            return Opinion.about(TIMEOUT);
        }
        if (text.contains("network") || text.contains("connection")) {
            return Opinion.about(NETWORK, STREAM_INTERRUPTED);
        }
        if (text.contains("validation") || text.contains("json")) {
            return Opinion.about(INVALID_OUTPUT);
        }
        return Opinion.about(SERVER_ERROR, OVERLOADED, MODEL_LOADING);
    }
}
