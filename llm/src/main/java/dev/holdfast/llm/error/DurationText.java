// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations as servers write them: {@code 6m0s}, {@code 1m47.5854s}, {@code 17ms}, {@code 48.9s}, {@code 60
 * seconds}, {@code 2 minutes and 3 seconds}. Scans by hand, so that no input is slow.
 */
final class DurationText {
    /** Longer than any wait that is meant; keeps arithmetic on hostile numbers safe. */
    private static final long MAX_NANOS = Duration.ofDays(366).toNanos();

    private static final int MAX_DIGITS = 24;
    private static final int NANO_DIGITS = 9;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

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
        if (isWhole(trimmed)) {
            return Duration.ofSeconds(Integer.parseInt(trimmed));
        }
        Duration withUnits = at(trimmed, 0);
        return withUnits != null ? withUnits : ofSeconds(trimmed);
    }

    private static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 7;
    }

    /** A bare decimal number of seconds; null when it is not one, negative or absurd. */
    static @Nullable Duration ofSeconds(String number) {
        return scaled(number.strip(), NANOS_PER_SECOND);
    }

    /** A bare decimal number of milliseconds; null when it is not one, negative or absurd. */
    static @Nullable Duration ofMillis(String number) {
        return scaled(number.strip(), NANOS_PER_MILLI);
    }

    private @Nullable Duration read() {
        Duration sum = null;
        while (true) {
            int start = at;
            skipJoint(sum != null);
            long unitNanos = 0;
            String number = number();
            if (!number.isEmpty()) {
                skipSpaces();
                unitNanos = unit();
            }
            Duration part = unitNanos == 0 ? null : scaled(number, unitNanos);
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

    /** The nanoseconds of the unit that follows; 0 when none does. */
    private long unit() {
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at)) && at - start <= 12) {
            at++;
        }
        return switch (text.substring(start, at).toLowerCase(Locale.ROOT)) {
            case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds" -> NANOS_PER_MILLI;
            case "s", "sec", "secs", "second", "seconds" -> NANOS_PER_SECOND;
            case "m", "min", "mins", "minute", "minutes" -> 60 * NANOS_PER_SECOND;
            case "h", "hr", "hrs", "hour", "hours" -> 3_600 * NANOS_PER_SECOND;
            case "d", "day", "days" -> 86_400 * NANOS_PER_SECOND;
            default -> 0;
        };
    }

    /** Exact to the nanosecond, rounded up behind it. */
    private static @Nullable Duration scaled(String number, long unitNanos) {
        if (number.isEmpty() || number.length() > MAX_DIGITS || !isDecimal(number)) {
            return null;
        }
        int point = number.indexOf('.');
        long whole = digits(number, 0, point < 0 ? number.length() : point);
        if (whole > MAX_NANOS / unitNanos) {
            return null;
        }
        long fractionNanos = 0;
        if (point >= 0) {
            int end = Math.min(number.length(), point + 1 + NANO_DIGITS);
            long scale = 1;
            for (int i = point + 1; i < end; i++) {
                scale *= 10;
            }
            fractionNanos = fraction(digits(number, point + 1, end), scale, unitNanos);
        }
        return Duration.ofNanos(whole * unitNanos + fractionNanos);
    }

    /** {@code digits / scale} of a unit. Only milliseconds do not divide evenly, and those products are small. */
    private static long fraction(long digits, long scale, long unitNanos) {
        return unitNanos % scale == 0 ? digits * (unitNanos / scale) : (digits * unitNanos + scale - 1) / scale;
    }

    private static long digits(String number, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            if (value > MAX_NANOS) {
                return Long.MAX_VALUE;
            }
            value = value * 10 + (number.charAt(i) - '0');
        }
        return value;
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
