// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations as servers write them: {@code 6m0s}, {@code 1m47.5854s}, {@code 17ms}, {@code 48.9s}, {@code 60
 * seconds}, {@code 2 minutes and 3 seconds}. Scans by hand, so that no input is slow.
 */
final class DurationText {
    /** Longer than any wait that is meant; keeps arithmetic on hostile numbers safe. */
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(366L * 24 * 3600);

    private static final int MAX_DIGITS = 24;

    private final String text;
    private int at;

    private DurationText(String text, int from) {
        this.text = text;
        this.at = from;
    }

    /** The duration that begins at {@code from}, units required; null when there is none. */
    static @Nullable Duration at(String text, int from) {
        return new DurationText(text, from).read();
    }

    /** A header or field that is a duration as a whole, or a bare number of seconds; null when it is neither. */
    static @Nullable Duration secondsOrUnits(String text) {
        String trimmed = text.strip();
        Duration withUnits = at(trimmed, 0);
        return withUnits != null ? withUnits : ofSeconds(trimmed);
    }

    /** A bare decimal number of seconds; null when it is not one, negative or absurd. */
    static @Nullable Duration ofSeconds(String number) {
        return scaled(number.strip(), BigDecimal.ONE);
    }

    /** A bare decimal number of milliseconds; null when it is not one, negative or absurd. */
    static @Nullable Duration ofMillis(String number) {
        return scaled(number.strip(), new BigDecimal("0.001"));
    }

    private @Nullable Duration read() {
        Duration sum = null;
        while (true) {
            int start = at;
            skipJoint(sum != null);
            BigDecimal unitSeconds = null;
            String number = number();
            if (!number.isEmpty()) {
                skipSpaces();
                unitSeconds = unit();
            }
            Duration part = unitSeconds == null ? null : scaled(number, unitSeconds);
            if (part == null) {
                at = start;
                return sum;
            }
            sum = sum == null ? part : sum.plus(part);
        }
    }

    private void skipJoint(boolean afterPart) {
        skipSpaces();
        if (afterPart && text.startsWith("and ", at)) {
            at += 4;
        } else if (afterPart && text.startsWith(",", at)) {
            at++;
        }
        skipSpaces();
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private String number() {
        int start = at;
        while (at < text.length() && at - start < MAX_DIGITS && (isDigit(text.charAt(at)) || isFractionPoint(start))) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean isFractionPoint(int start) {
        return at > start
                && text.charAt(at) == '.'
                && at + 1 < text.length()
                && isDigit(text.charAt(at + 1))
                && text.indexOf('.', start) == at;
    }

    private @Nullable BigDecimal unit() {
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at)) && at - start <= 12) {
            at++;
        }
        String unit = text.substring(start, at).toLowerCase(Locale.ROOT);
        return switch (unit) {
            case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds" -> new BigDecimal("0.001");
            case "s", "sec", "secs", "second", "seconds" -> BigDecimal.ONE;
            case "m", "min", "mins", "minute", "minutes" -> BigDecimal.valueOf(60);
            case "h", "hr", "hrs", "hour", "hours" -> BigDecimal.valueOf(3600);
            case "d", "day", "days" -> BigDecimal.valueOf(86_400);
            default -> null;
        };
    }

    private static @Nullable Duration scaled(String number, BigDecimal unitSeconds) {
        if (number.isEmpty() || number.length() > MAX_DIGITS || !isDecimal(number)) {
            return null;
        }
        BigDecimal seconds = new BigDecimal(number).multiply(unitSeconds);
        if (seconds.compareTo(MAX_SECONDS) > 0) {
            return null;
        }
        return Duration.ofNanos(seconds.movePointRight(9).longValue());
    }

    private static boolean isDecimal(String number) {
        int points = 0;
        for (int i = 0; i < number.length(); i++) {
            if (number.charAt(i) == '.') {
                points++;
            } else if (!isDigit(number.charAt(i))) {
                return false;
            }
        }
        return points <= 1 && isDigit(number.charAt(0)) && isDigit(number.charAt(number.length() - 1));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
