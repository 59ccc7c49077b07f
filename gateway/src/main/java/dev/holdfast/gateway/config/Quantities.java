// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers, durations and sizes as they are written in the file. */
final class Quantities {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)(B|KiB|MiB)");
    private static final BigDecimal YEAR =
            BigDecimal.valueOf(Duration.ofDays(365).toNanos());

    private Quantities() {}

    /**
     * A value, or the rule that the text breaks.
     *
     * @param value null where the text breaks the rule
     */
    record Parsed<T>(@Nullable T value, String rule) {}

    /** Decimal digits alone: neither {@code 1_000} nor {@code 0x10}, {@code 010} and {@code 1e3}; null for those. */
    static @Nullable BigDecimal number(String text) {
        return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    static Parsed<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            boolean bare = NUMBER.matcher(text).matches() && !text.startsWith("-");
            return new Parsed<>(
                    null,
                    bare
                            ? "needs a unit, ms, s, m or h, for example " + text + "s"
                            : "must be a duration such as 250ms, 1.5s, 2m or 1h");
        }
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanos(matcher.group(2))));
        return nanos.compareTo(YEAR) > 0
                ? new Parsed<>(null, "must not be longer than a year")
                : new Parsed<>(Duration.ofNanos(nanos.longValue()), "");
    }

    /** Bytes; at most what an int holds. */
    static Parsed<Integer> size(String text, int least) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return new Parsed<>(null, "must be a size such as 512B, 64KiB or 32MiB");
        }
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(bytes(matcher.group(2))));
        boolean fits = bytes.compareTo(BigDecimal.valueOf(least)) >= 0
                && bytes.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
        return fits
                ? new Parsed<>(bytes.intValue(), "")
                : new Parsed<>(null, "must be from " + least + "B to " + (Integer.MAX_VALUE >> 20) + "MiB");
    }

    /** A duration as the file has it, in the largest unit that leaves it whole. */
    static String text(Duration duration) {
        long nanos = duration.toNanos();
        for (String unit : new String[] {"h", "m", "s", "ms"}) {
            if (nanos % nanos(unit) == 0 && (nanos != 0 || unit.equals("s"))) {
                return nanos / nanos(unit) + unit;
            }
        }
        return BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString() + "ms";
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }

    private static long bytes(String unit) {
        return switch (unit) {
            case "B" -> 1;
            case "KiB" -> 1024;
            default -> 1024 * 1024;
        };
    }
}
