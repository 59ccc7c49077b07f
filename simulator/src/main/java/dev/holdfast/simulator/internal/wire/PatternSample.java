// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

/**
 * A string that matches a regular expression, for the expressions that schemas are written with: literals, classes,
 * escapes, groups, alternatives (the first is taken) and quantifiers (the fewest are taken, one for {@code *} and
 * {@code ?} of nothing). The caller checks the result; back references and look-around are not understood.
 */
final class PatternSample {
    private static final int MOST_REPEATS = 1000;

    private final String pattern;
    private int at;

    private PatternSample(String pattern) {
        this.pattern = pattern;
    }

    static String of(String pattern) {
        return new PatternSample(pattern).alternatives();
    }

    private String alternatives() {
        String first = sequence();
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            sequence();
        }
        return first;
    }

    private String sequence() {
        StringBuilder out = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            String atom = atom();
            out.append(atom.repeat(repeats()));
        }
        return out.toString();
    }

    private String atom() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '^', '$' -> "";
            case '.' -> "a";
            case '(' -> group();
            case '[' -> characterClass();
            case '\\' -> at < pattern.length() ? escape(pattern.charAt(at++)) : "";
            default -> String.valueOf(c);
        };
    }

    private String group() {
        if (pattern.startsWith("?:", at)) {
            at += 2;
        } else if (pattern.startsWith("?<", at)) {
            at = Math.max(at, pattern.indexOf('>', at)) + 1;
        }
        String inside = alternatives();
        at++;
        return inside;
    }

    private static String escape(char c) {
        return switch (c) {
            case 'd' -> "1";
            case 'w' -> "a";
            case 's' -> " ";
            case 'D', 'S' -> "a";
            case 'W' -> "-";
            case 'b', 'B', 'A', 'z', 'Z' -> "";
            case 'n' -> "\n";
            case 't' -> "\t";
            default -> String.valueOf(c);
        };
    }

    /** The first member; of a negated class the first plain character that is none. */
    private String characterClass() {
        boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
        int from = negated ? at + 1 : at;
        int end = from;
        while (end < pattern.length() && (pattern.charAt(end) != ']' || end == from)) {
            end += pattern.charAt(end) == '\\' ? 2 : 1;
        }
        at = Math.min(pattern.length(), end + 1);
        if (from >= pattern.length()) {
            return "";
        }
        if (!negated) {
            boolean escaped = pattern.charAt(from) == '\\' && from + 1 < pattern.length();
            return escaped ? escape(pattern.charAt(from + 1)) : pattern.substring(from, from + 1);
        }
        String whole = "[^" + pattern.substring(from, Math.min(end, pattern.length())) + "]";
        for (String candidate : new String[] {"a", "A", "1", "-", " ", "_"}) {
            if (candidate.matches(whole)) {
                return candidate;
            }
        }
        return "";
    }

    private int repeats() {
        if (at >= pattern.length()) {
            return 1;
        }
        int times = 1;
        switch (pattern.charAt(at)) {
            case '*', '+', '?' -> at++;
            case '{' -> {
                int close = pattern.indexOf('}', at);
                String least = close < 0 ? "" : pattern.substring(at + 1, close).split(",", 2)[0];
                times = least.matches("\\d{1,4}") ? Math.min(MOST_REPEATS, Integer.parseInt(least)) : 1;
                at = close < 0 ? at + 1 : close + 1;
            }
            default -> {
                return 1;
            }
        }
        if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == '+')) {
            at++;
        }
        return times;
    }
}
