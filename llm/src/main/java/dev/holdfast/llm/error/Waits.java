// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The wait that a server stated. Order: {@code retry-after-ms}, {@code retry-after}, the longer of field and words in the
 * body, reset headers of the dimension that is exhausted. Zero is no hint. Dates count from the response's {@code Date}
 * header, or from the clock when it has none.
 */
final class Waits {
    private Waits() {}

    /** The wait that a header meant for it states; null when there is none. */
    static @Nullable Duration inRetryAfter(ErrorInput input, Clock clock) {
        return input.headers().isEmpty() ? null : byHeader(input, clock);
    }

    /** The wait stated otherwise: in fields or words of the body, else by limit headers when a limit was hit. */
    static @Nullable Duration elsewhere(
            ErrorInput input, ErrorFields fields, String text, boolean limited, Clock clock) {
        Duration byBody = longer(fields.fieldWait(), WaitText.in(text));
        if (byBody != null || !limited) {
            return byBody;
        }
        return ResetHeaders.wait(input, fields.innerHeaders(), clock);
    }

    private static @Nullable Duration byHeader(ErrorInput input, Clock clock) {
        for (String name : new String[] {"retry-after-ms", "x-ms-retry-after-ms"}) {
            Duration millis = positive(parsed(input.header(name), true));
            if (millis != null) {
                return millis;
            }
        }
        String retryAfter = input.header("retry-after");
        if (retryAfter == null) {
            return null;
        }
        Duration seconds = parsed(retryAfter, false);
        return positive(seconds != null ? seconds : until(retryAfter, input, clock));
    }

    private static @Nullable Duration parsed(@Nullable String value, boolean millis) {
        if (value == null) {
            return null;
        }
        return millis ? DurationText.ofMillis(value) : DurationText.secondsOrUnits(value);
    }

    /** The time from the response's own date to a date; null when the text is no date. Never negative. */
    static @Nullable Duration until(String date, ErrorInput input, Clock clock) {
        Instant then = instant(date);
        return then == null ? null : sinceNow(then, input, clock);
    }

    static Duration sinceNow(Instant then, ErrorInput input, Clock clock) {
        String stated = input.header("date");
        Instant now = stated == null ? null : instant(stated);
        Duration wait = Duration.between(now == null ? clock.instant() : now, then);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static @Nullable Instant instant(String date) {
        String text = date.strip();
        if (text.length() > 40) {
            return null;
        }
        try {
            return text.length() > 4 && text.charAt(4) == '-'
                    ? OffsetDateTime.parse(text).toInstant()
                    : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeParseException noDate) {
            return null;
        }
    }

    static @Nullable Duration longer(@Nullable Duration first, @Nullable Duration second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return first.compareTo(second) >= 0 ? first : second;
    }

    static @Nullable Duration positive(@Nullable Duration wait) {
        return wait == null || wait.isZero() || wait.isNegative() ? null : wait;
    }
}
