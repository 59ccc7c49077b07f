// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How wide a text will be. There is no font at hand, so widths are those of common sans-serif fonts, rather too wide than
 * too narrow.
 */
final class TextSize {
    private static final double MONOSPACE = 0.62;
    private static final Pattern OPERATOR = Pattern.compile(" (?:[=!<>]=|[<>]|and|or|not|in|is|if|else) ");

    private TextSize() {}

    static double width(String text, double fontSize) {
        return text.codePoints().mapToDouble(TextSize::ems).sum() * fontSize;
    }

    static double monospaceWidth(String text, double fontSize) {
        return text.codePoints()
                        .mapToDouble(point -> point < 0x1100 ? MONOSPACE : 1.1)
                        .sum()
                * fontSize;
    }

    private static double ems(int point) {
        if (point >= 0x1100) {
            return 1.1;
        }
        if ("iljtfrI.,:;|!'()[]{} -/".indexOf(point) >= 0) {
            return 0.36;
        }
        if ("mwMW@%".indexOf(point) >= 0) {
            return 0.94;
        }
        return Character.isUpperCase(point) ? 0.72 : 0.58;
    }

    /** Lines of at most so many characters, broken at blanks, underscores or dashes; what is left over is cut off with an ellipsis. */
    static List<String> wrap(String text, int most, int lines) {
        List<String> wrapped = new ArrayList<>();
        String rest = clean(text);
        while (!rest.isEmpty() && wrapped.size() < lines) {
            int[] points = rest.codePoints().toArray();
            if (points.length <= most) {
                wrapped.add(rest);
                return wrapped;
            }
            boolean last = wrapped.size() == lines - 1;
            int end = last ? most - 1 : breakBefore(points, most);
            String line = new String(points, 0, end).strip();
            wrapped.add(last ? line + "…" : line);
            rest = new String(points, end, points.length - end).strip();
        }
        return wrapped;
    }

    private static int breakBefore(int[] points, int most) {
        for (int end = most; end > most / 3; end--) {
            if (points[end] == ' '
                    && OPERATOR.matcher(new String(points, end, points.length - end))
                            .lookingAt()) {
                return end;
            }
        }
        for (int end = most; end > most / 2; end--) {
            if (points[end] == ' ' || "_-,/".indexOf(points[end - 1]) >= 0) {
                return end;
            }
        }
        return most;
    }

    /** Without control characters and runs of blanks: neither shows, and XML has no place for some. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(point -> {
            int type = Character.getType(point);
            boolean bad = type == Character.CONTROL
                    || type == Character.SURROGATE
                    || type == Character.FORMAT
                    || type == Character.UNASSIGNED;
            clean.appendCodePoint(bad ? ' ' : point);
        });
        return clean.toString().strip().replaceAll("\\s+", " ");
    }
}
