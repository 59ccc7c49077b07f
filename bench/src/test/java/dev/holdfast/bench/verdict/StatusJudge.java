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
import java.time.Duration;
import java.util.Set;

/** The textbook: the HTTP status decides, and whatever has none is a broken connection. */
final class StatusJudge implements Judge {
    /** The usual first backoff. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "status alone";
    }

    @Override
    public String basis() {
        return "written here: 408, 409, 425, 429 and every 5xx are retried, I/O exceptions too; `Retry-After` in seconds is"
                + " obeyed, else 1 s; 200 is a success";
    }

    @Override
    public int kinds() {
        return 12;
    }

    @Override
    public Opinion judge(ErrorCase error) {
        if (error.exception() != null) {
            return Opinion.of(
                    Thrown.io(Thrown.from(error)) != null,
                    FIRST_WAIT,
                    Opinion.about(NETWORK, TIMEOUT, STREAM_INTERRUPTED));
        }
        int status = error.status();
        boolean retried = status == 408 || status == 409 || status == 425 || status == 429 || status >= 500;
        String stated = error.header("retry-after");
        boolean seconds = stated != null && stated.matches("[0-9]+");
        return Opinion.of(retried, seconds ? Duration.ofSeconds(Long.parseLong(stated)) : FIRST_WAIT, kinds(status));
    }

    private static Set<Category> kinds(int status) {
        return switch (status) {
            case 400, 422 -> Opinion.about(INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTER);
            case 401 -> Opinion.about(AUTH);
            case 402 -> Opinion.about(QUOTA_EXHAUSTED);
            case 403 -> Opinion.about(PERMISSION);
            case 404 -> Opinion.about(NOT_FOUND);
            case 408, 504, 522, 524 -> Opinion.about(TIMEOUT);
            case 409 -> Opinion.about(CONFLICT);
            case 413 -> Opinion.about(REQUEST_TOO_LARGE, CONTEXT_LENGTH);
            case 429 -> Opinion.about(RATE_LIMIT, QUOTA_EXHAUSTED);
            case 503, 529 -> Opinion.about(OVERLOADED, MODEL_LOADING);
            default -> status >= 500 ? Opinion.about(SERVER_ERROR) : Opinion.about();
        };
    }
}
