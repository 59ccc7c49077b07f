// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.llm.error.ErrorInput;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The plainest classifier: the status, and the wait in {@code retry-after-ms} or {@code retry-after}. It knows no
 * provider and reads no body, so it cannot tell an exhausted quota from a rate limit. Thread-safe; never throws.
 */
public final class StatusClassifier implements Function<ErrorInput, Failure> {
    /** Longer waits are as good as none, and a Duration of absurd length overflows where nanos are counted. */
    private static final double MAX_HINT_SECONDS = 366.0 * 24 * 3600;

    private final Clock clock;

    public StatusClassifier() {
        this(Clock.systemUTC());
    }

    /** @param clock for dates of servers that state none of their own */
    public StatusClassifier(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Failure apply(ErrorInput error) {
        if (error.exception() != null) {
            return FailureClassifier.standard().classify(error.exception());
        }
        if (error.transport() == ErrorInput.Transport.SSE) {
            return Failure.of(Category.STREAM_INTERRUPTED, "stream.error", "the provider sent an error in the stream");
        }
        int status = error.status();
        return Failure.of(category(status), "status." + status, "HTTP status " + status)
                .withHint(hint(error));
    }

    private static Category category(int status) {
        return switch (status) {
            case 400, 422 -> Category.INVALID_REQUEST;
            case 401 -> Category.AUTH;
            case 402 -> Category.QUOTA_EXHAUSTED;
            case 403 -> Category.PERMISSION;
            case 404 -> Category.NOT_FOUND;
            case 408, 504 -> Category.TIMEOUT;
            case 409 -> Category.CONFLICT;
            case 413 -> Category.REQUEST_TOO_LARGE;
            case 429 -> Category.RATE_LIMIT;
            case 503, 529 -> Category.OVERLOADED;
            default ->
                status >= 500
                        ? Category.SERVER_ERROR
                        : status >= 405 && status < 500 ? Category.INVALID_REQUEST : Category.UNKNOWN;
        };
    }

    private @Nullable Duration hint(ErrorInput error) {
        Duration millis = seconds(error.header("retry-after-ms"), 0.001);
        if (millis != null && !millis.isZero()) {
            return millis;
        }
        String value = error.header("retry-after");
        Duration seconds = seconds(value, 1);
        return seconds != null || value == null ? seconds : untilDate(value, error.header("date"));
    }

    private static @Nullable Duration seconds(@Nullable String value, double unit) {
        if (value == null || value.isBlank() || !Character.isDigit(value.strip().charAt(0))) {
            return null;
        }
        try {
            double seconds = Double.parseDouble(value.strip()) * unit;
            return seconds >= 0 && seconds <= MAX_HINT_SECONDS ? Duration.ofNanos((long) (seconds * 1e9)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable Duration untilDate(String value, @Nullable String serverDate) {
        Instant until = date(value);
        if (until == null) {
            return null;
        }
        Instant serverNow = serverDate == null ? null : date(serverDate);
        Duration wait = Duration.between(serverNow == null ? clock.instant() : serverNow, until);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static @Nullable Instant date(String value) {
        try {
            return ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
