// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text formats of Prometheus and OpenMetrics, and refuses what their pages forbid: families in pieces, series told
 * twice, unknown escapes, histograms that do not add up. Stricter than servers are, so that none can find fault.
 */
public final class Exposition {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
    private static final Set<String> TYPES =
            Set.of("counter", "gauge", "histogram", "summary", "untyped", "info", "stateset", "unknown");

    /** One sample; labels in the order of their names. */
    public record Sample(String name, Map<String, String> labels, double value) {}

    /** One metric with all its series. */
    public static final class Family {
        public final String name;
        public String type = "";
        public final List<Sample> samples = new ArrayList<>();
        private boolean helped;

        private Family(String name) {
            this.name = name;
        }
    }

    private final boolean openMetrics;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Set<String> series = new HashSet<>();
    private Family current = new Family("");

    private Exposition(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    /** @throws IllegalArgumentException with the line that is wrong */
    public static Map<String, Family> parse(String text, boolean openMetrics) {
        Exposition exposition = new Exposition(openMetrics);
        check(text.endsWith("\n"), "the last line has no end");
        check(!text.contains("\r"), "a carriage return");
        String body = text;
        if (openMetrics) {
            check(text.endsWith("\n# EOF\n"), "no # EOF at the end");
            body = text.substring(0, text.length() - "# EOF\n".length());
        }
        for (String line : body.split("\n")) {
            exposition.line(line);
        }
        exposition.families.values().forEach(Exposition::checkFamily);
        return exposition.families;
    }

    private void line(String line) {
        if (line.startsWith("# ")) {
            String[] parts = line.split(" ", 4);
            check(parts.length >= 3, line);
            describe(parts, line);
        } else {
            check(!line.isEmpty() && !line.startsWith("#"), "neither comment nor sample: " + line);
            sample(line);
        }
    }

    private void describe(String[] parts, String line) {
        check(NAME.matcher(parts[2]).matches(), line);
        if (!current.name.equals(parts[2])) {
            check(!families.containsKey(parts[2]), "the family comes in pieces: " + line);
            current = new Family(parts[2]);
            families.put(parts[2], current);
        }
        check(current.samples.isEmpty(), "described after its samples: " + line);
        switch (parts[1]) {
            case "TYPE" -> {
                check(parts.length == 4 && TYPES.contains(parts[3]) && current.type.isEmpty(), line);
                current.type = parts[3];
            }
            case "HELP" -> {
                check(!current.helped && parts.length == 4, line);
                current.helped = true;
            }
            case "UNIT" -> check(openMetrics && current.name.endsWith("_" + parts[3]), line);
            default -> throw new IllegalArgumentException("unknown comment: " + line);
        }
    }

    private void sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        check(matcher.matches(), "no sample: " + line);
        check(isOf(current, matcher.group(1)), "a sample outside its family " + current.name + ": " + line);
        Map<String, String> labels = labels(matcher.group(2) == null ? "" : matcher.group(2), line);
        check(series.add(matcher.group(1) + labels), "told twice: " + line);
        current.samples.add(new Sample(matcher.group(1), labels, value(matcher.group(3))));
    }

    private boolean isOf(Family family, String sample) {
        if (!sample.startsWith(family.name)) {
            return false;
        }
        String suffix = sample.substring(family.name.length());
        return switch (family.type) {
            case "counter" ->
                openMetrics
                        ? Set.of("_total", "_created").contains(suffix)
                        : suffix.isEmpty() && sample.endsWith("_total");
            case "histogram" -> Set.of("_bucket", "_sum", "_count", "_created").contains(suffix);
            case "summary" -> Set.of("", "_sum", "_count", "_created").contains(suffix);
            case "info" -> suffix.equals("_info");
            default -> suffix.isEmpty();
        };
    }

    private static Map<String, String> labels(String text, String line) {
        Map<String, String> labels = new TreeMap<>();
        Matcher matcher = LABEL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            check(matcher.find(at) && matcher.start() == at, "labels: " + line);
            String value =
                    matcher.group(2).replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
            check(labels.put(matcher.group(1), value) == null, "a label twice: " + line);
            at = matcher.end();
            check(matcher.group(3).isEmpty() || at < text.length(), "a comma at the end of labels: " + line);
        }
        return labels;
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> Double.parseDouble(text);
        };
    }

    private static void checkFamily(Family family) {
        check(!family.type.isEmpty(), "no type: " + family.name);
        check(family.helped, "no help: " + family.name);
        if (family.type.equals("histogram")) {
            checkHistogram(family);
        }
        if (family.type.equals("counter")) {
            family.samples.forEach(sample -> check(sample.value >= 0, "a negative count: " + sample));
        }
    }

    private static void checkHistogram(Family family) {
        Map<Map<String, String>, Double> last = new LinkedHashMap<>();
        Map<Map<String, String>, Double> bounds = new LinkedHashMap<>();
        for (Sample sample : family.samples) {
            Map<String, String> others = new TreeMap<>(sample.labels);
            String bound = others.remove("le");
            if (sample.name.endsWith("_bucket")) {
                check(bound != null, "a bucket without bound: " + sample);
                check(sample.value >= last.getOrDefault(others, 0.0), "buckets do not add up: " + sample);
                check(value(bound) > bounds.getOrDefault(others, Double.NEGATIVE_INFINITY), "bounds: " + sample);
                last.put(others, sample.value);
                bounds.put(others, value(bound));
            } else if (sample.name.endsWith("_count")) {
                check(sample.value == last.getOrDefault(others, -1.0), "the count is not the last bucket: " + sample);
                check(bounds.get(others) == Double.POSITIVE_INFINITY, "no bucket for the rest: " + sample);
            }
        }
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new IllegalArgumentException(what);
        }
    }
}
