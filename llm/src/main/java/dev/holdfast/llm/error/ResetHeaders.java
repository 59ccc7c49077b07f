// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Waits from rate-limit headers. A reset counts only for the dimension whose remaining is 0, for servers attach windows
 * that are not the exceeded one; of several exhausted dimensions the longest counts.
 */
final class ResetHeaders {
    private static final BigDecimal EPOCH_MILLIS = BigDecimal.valueOf(100_000_000_000L);
    private static final BigDecimal EPOCH_SECONDS = BigDecimal.valueOf(1_000_000_000L);

    private ResetHeaders() {}

    static @Nullable Duration wait(ErrorInput input, Map<String, String> innerHeaders, Clock clock) {
        Duration longest = null;
        for (Map.Entry<String, List<String>> header : input.headers().entrySet()) {
            if (!header.getValue().isEmpty()) {
                String reset = resetOf(header.getKey(), header.getValue().get(0), input::header);
                longest = Waits.longer(longest, parsed(reset, input, clock));
            }
        }
        for (Map.Entry<String, String> header : innerHeaders.entrySet()) {
            String reset = resetOf(header.getKey(), header.getValue(), innerHeaders::get);
            longest = Waits.longer(longest, parsed(reset, input, clock));
        }
        return Waits.positive(longest);
    }

    private interface Lookup {
        @Nullable
        String header(String name);
    }

    /** The reset value that belongs to an exhausted dimension's header; null for every other header. */
    private static @Nullable String resetOf(String rawName, String value, Lookup headers) {
        String name = rawName.toLowerCase(Locale.ROOT);
        if (!name.contains("ratelimit") && !name.contains("rate-limit")) {
            return null;
        }
        if (name.equals("ratelimit")) {
            return parameterIsZero(value, "r") ? parameter(value, "t") : null;
        }
        if (name.contains("remaining")) {
            return isZero(value) ? headers.header(name.replace("remaining", "reset")) : null;
        }
        return name.endsWith("-status") && value.equals("rejected")
                ? headers.header(name.substring(0, name.length() - "status".length()) + "reset")
                : null;
    }

    private static boolean parameterIsZero(String value, String name) {
        String parameter = parameter(value, name);
        return parameter != null && isZero(parameter);
    }

    /** A parameter of a structured field: {@code "api";r=0;t=55}. */
    private static @Nullable String parameter(String value, String name) {
        for (String part : value.split(";", 16)) {
            String trimmed = part.strip();
            if (trimmed.startsWith(name + "=")) {
                return trimmed.substring(name.length() + 1);
            }
        }
        return null;
    }

    private static boolean isZero(String value) {
        String trimmed = value.strip();
        return trimmed.equals("0") || trimmed.equals("0.0");
    }

    /** A stated reset as time from now: seconds, an epoch, units or a date; null when it is none of these. */
    static @Nullable Duration parsed(@Nullable String reset, ErrorInput input, Clock clock) {
        if (reset == null) {
            return null;
        }
        String text = reset.strip();
        if (isNumber(text)) {
            return number(new BigDecimal(text), text, input, clock);
        }
        Duration units = DurationText.at(text, 0);
        return units != null ? units : Waits.until(text, input, clock);
    }

    private static boolean isNumber(String text) {
        int points = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            points += c == '.' ? 1 : 0;
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 24 && points <= 1 && text.charAt(0) != '.' && !text.endsWith(".");
    }

    /** A moment in epoch milliseconds or seconds by its size, else seconds from now. */
    private static @Nullable Duration number(BigDecimal number, String text, ErrorInput input, Clock clock) {
        if (number.compareTo(EPOCH_MILLIS) > 0) {
            return Waits.sinceNow(Instant.ofEpochMilli(clamped(number)), input, clock);
        }
        if (number.compareTo(EPOCH_SECONDS) > 0) {
            return Waits.sinceNow(Instant.ofEpochMilli(clamped(number.movePointRight(3))), input, clock);
        }
        return DurationText.ofSeconds(text);
    }

    private static long clamped(BigDecimal millis) {
        return millis.min(BigDecimal.valueOf(Long.MAX_VALUE / 2)).longValue();
    }
}
