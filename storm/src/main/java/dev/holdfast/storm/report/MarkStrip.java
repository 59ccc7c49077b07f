// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.ScenarioResult.Mark;
import java.util.ArrayList;
import java.util.List;

/** What happens when, above the chart and on its axis: in as few rows as hold the texts side by side. */
final class MarkStrip {
    /** The share of the width that a text may want on a narrow screen. */
    private static final double TEXT = 0.45;

    private final List<Mark> marks;
    private final Scale time;

    MarkStrip(List<Mark> marks, Scale time) {
        this.marks = marks;
        this.time = time;
    }

    void write(Markup page) {
        if (marks.isEmpty()) {
            return;
        }
        List<List<Mark>> rows = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        for (Mark mark : marks) {
            double from = from(mark);
            int row = 0;
            while (row < rows.size() && ends.get(row) > from - (isLate(mark) ? TEXT : 0)) {
                row++;
            }
            if (row == rows.size()) {
                rows.add(new ArrayList<>());
                ends.add(0.0);
            }
            rows.get(row).add(mark);
            ends.set(row, Math.max(to(mark), isLate(mark) ? 0 : from + TEXT));
        }
        page.open("ol", "class", "marks");
        for (List<Mark> row : rows) {
            page.open("li");
            row.forEach(mark -> mark(page, mark));
            page.close("li");
        }
        page.close("ol").line();
    }

    private void mark(Markup page, Mark mark) {
        String when = mark.to() == null
                ? "at " + Figures.duration(mark.from())
                : Figures.duration(mark.from()) + " to " + Figures.duration(mark.to());
        double from = from(mark);
        page.open(
                "span",
                "class",
                (mark.to() == null ? "at" : "during") + (isLate(mark) ? " late" : ""),
                "title",
                when,
                "style",
                isLate(mark)
                        ? TimeChart.percent("right", 1 - to(mark)) + ";" + TimeChart.percent("--w", to(mark) - from)
                        : TimeChart.percent("left", from) + ";" + TimeChart.percent("--w", to(mark) - from));
        page.element("b", words(mark))
                .element("i", ", " + when, "class", "hidden")
                .close("span");
    }

    /** With its target, unless the text names it already. */
    static String words(Mark mark) {
        boolean named = mark.target().isBlank() || mark.what().contains(mark.target());
        return named ? mark.what() : mark.target() + ": " + mark.what();
    }

    private boolean isLate(Mark mark) {
        return from(mark) > 1 - TEXT;
    }

    private double from(Mark mark) {
        return time.place(mark.from().toMillis() / 1000.0);
    }

    private double to(Mark mark) {
        return mark.to() == null ? from(mark) : time.place(mark.to().toMillis() / 1000.0);
    }
}
