// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.ScenarioResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them, the same in every report. */
final class Figures {
    static final String NOTHING = "–";

    private static final double NANOS_PER_MILLI = 1e6;

    private Figures() {}

    /** A share of one, in percent: finer where the difference counts, near nothing and near all. */
    static String share(double share) {
        if (!Double.isFinite(share)) {
            return NOTHING;
        }
        double percent = 100 * share;
        boolean fine = (percent > 0 && percent < 9.95) || (percent > 99 && percent < 99.95);
        return String.format(Locale.ROOT, fine ? "%.1f %%" : "%.0f %%", percent);
    }

    /** A factor, such as requests for each call. */
    static String factor(@Nullable Double factor) {
        if (factor == null || !Double.isFinite(factor)) {
            return NOTHING;
        }
        return String.format(Locale.ROOT, factor < 9.995 ? "%.2f" : factor < 99.95 ? "%.1f" : "%.0f", factor);
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String duration(@Nullable Duration duration) {
        return duration == null ? NOTHING : millis(duration.toNanos() / NANOS_PER_MILLI);
    }

    /** Where no trouble ever ends there is nothing to recover from. */
    static String recovery(ScenarioResult scenario, EngineResult engine) {
        if (scenario.marks().stream().allMatch(mark -> mark.to() == null)) {
            return NOTHING;
        }
        Duration recovery = engine.recovery();
        return recovery == null ? "never" : recovery.isZero() ? "at once" : duration(recovery);
    }

    static String millis(double millis) {
        if (millis < 9.95) {
            return trimmed(millis, 1) + " ms";
        }
        if (millis < 999.5) {
            return Math.round(millis) + " ms";
        }
        double seconds = millis / 1000;
        if (seconds < 99.95) {
            return trimmed(seconds, seconds < 9.995 ? 2 : 1) + " s";
        }
        long whole = Math.round(seconds);
        return whole < 600 ? whole + " s" : trimmed(seconds / 60, 1) + " min";
    }

    /** With this many decimals, and without zeros at their end. */
    static String trimmed(double value, int decimals) {
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.indexOf('.') < 0 ? text : text.replaceAll("\\.?0+$", "");
    }

    /** In lines of at most so many characters, where words allow it. */
    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** With a capital at its start and a full stop at its end. */
    static String sentence(String text) {
        if (text.isBlank()) {
            return text;
        }
        String end = ".!?".indexOf(text.charAt(text.length() - 1)) < 0 ? "." : "";
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + end;
    }
}
