// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.ScenarioResult.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values over time, a line for each engine, with its name at the line's end. The plot stretches to whatever width there is;
 * all writing is text of the page, so that it keeps its size on every screen.
 *
 * @param title of the chart
 * @param unit of the values
 * @param summary what the chart shows, in words, for those who cannot see it
 * @param time of the scenario
 * @param values of the other axis
 * @param height of the plot in pixels
 * @param marks in the background
 * @param area what the lines are held against; empty for nothing
 * @param areaLabel its name
 */
record TimeChart(
        String title,
        String unit,
        String summary,
        Scale time,
        Scale values,
        int height,
        List<Mark> marks,
        List<Double> area,
        String areaLabel,
        List<Line> lines) {
    /** One engine's values by bucket; null where there is none. */
    record Line(String look, String label, List<@Nullable Double> values) {}

    /** A name at the end of a line; how far down its middle is. */
    record Name(String look, String label, double y) {}

    static final int WIDTH = 1000;
    private static final int LABEL = 14;

    void write(Markup page) {
        page.open("figure", "class", "chart");
        page.open("figcaption")
                .element("b", title)
                .text(" ")
                .element("span", unit)
                .close("figcaption");
        page.open("div", "class", "plot", "style", "--h:" + height + "px");
        valueAxis(page);
        page.open(
                "svg",
                "role",
                "img",
                "aria-label",
                title + ", " + unit + ". " + summary,
                "viewBox",
                "0 0 " + WIDTH + " " + height,
                "preserveAspectRatio",
                "none");
        drawing(page);
        page.close("svg");
        page.open("div", "class", "ends", "aria-hidden", "true");
        for (Name name : names()) {
            page.element("span", name.label(), "class", name.look(), "style", "top:" + number(name.y()) + "px");
        }
        page.close("div");
        timeAxis(page, time);
        page.close("div").close("figure").line();
    }

    /** All but the writing, in a width of {@link #WIDTH} and the chart's height. */
    void drawing(Markup page) {
        grid(page);
        if (!area.isEmpty()) {
            page.empty("path", "class", "area", "d", areaPath());
            page.empty("path", "class", "edge", "d", path(new ArrayList<>(area)));
        }
        for (Line line : lines) {
            page.empty("path", "class", "line " + line.look(), "d", path(line.values()));
        }
    }

    private void valueAxis(Markup page) {
        page.open("div", "class", "values", "aria-hidden", "true");
        for (Scale.Tick tick : values.ticks()) {
            page.element("span", tick.text(), "style", percent("top", 1 - values.place(tick.value())));
        }
        page.close("div");
    }

    static void timeAxis(Markup page, Scale time) {
        page.open("div", "class", "times", "aria-hidden", "true");
        for (Scale.Tick tick : time.ticks()) {
            page.element("span", tick.text(), "style", percent("left", time.place(tick.value())));
        }
        page.close("div");
    }

    static String percent(String property, double share) {
        return property + ":" + Figures.trimmed(100 * share, 2) + "%";
    }

    private void grid(Markup page) {
        for (Mark mark : marks) {
            mark(page, mark, time, height);
        }
        StringBuilder lines = new StringBuilder();
        for (Scale.Tick tick : values.ticks()) {
            lines.append("M0 ").append(number(y(tick.value()))).append('H').append(WIDTH);
        }
        page.empty("path", "class", "grid", "d", lines.toString());
    }

    /** Trouble as a band behind everything, a moment as a line. */
    static void mark(Markup page, Mark mark, Scale time, int height) {
        double from = WIDTH * time.place(mark.from().toMillis() / 1000.0);
        if (mark.to() == null) {
            page.empty("path", "class", "moment", "d", "M" + number(from) + " 0V" + height);
            return;
        }
        double to = WIDTH * time.place(mark.to().toMillis() / 1000.0);
        page.empty(
                "path",
                "class",
                "trouble",
                "d",
                "M" + number(from) + " 0H" + number(to) + "V" + height + "H" + number(from) + "Z");
    }

    /** What stands at the ends of the lines, from the top, none over another. */
    List<Name> names() {
        List<Name> names = new ArrayList<>();
        if (!area.isEmpty()) {
            names.add(new Name("of-area", areaLabel, y(area.get(area.size() - 1))));
        }
        for (Line line : lines) {
            Double last = last(line.values());
            names.add(new Name(line.look(), line.label(), last == null ? height : y(last)));
        }
        names.sort(Comparator.comparingDouble(Name::y));
        double[] places = spread(names.stream().mapToDouble(Name::y).toArray(), height);
        for (int i = 0; i < places.length; i++) {
            names.set(i, new Name(names.get(i).look(), names.get(i).label(), places[i]));
        }
        return names;
    }

    private static @Nullable Double last(List<@Nullable Double> values) {
        for (int i = values.size() - 1; i >= 0; i--) {
            if (values.get(i) != null) {
                return values.get(i);
            }
        }
        return null;
    }

    /** Moves what would overlap apart, as little as can be; wanted places are sorted, downward. */
    static double[] spread(double[] wanted, int height) {
        double[] places = wanted.clone();
        double gap = Math.min(LABEL, height / Math.max(1.0, places.length - 1.0));
        for (int i = 1; i < places.length; i++) {
            places[i] = Math.max(places[i], places[i - 1] + gap);
        }
        double limit = height;
        for (int i = places.length - 1; i >= 0; i--) {
            places[i] = Math.min(places[i], limit);
            limit = places[i] - gap;
        }
        return places;
    }

    private double y(double value) {
        return height * (1 - values.place(value));
    }

    private String areaPath() {
        return path(new ArrayList<>(area)) + "V" + height + "H0Z";
    }

    /** Through the middle of each bucket, to both borders; values without neighbours are as wide as their bucket. */
    private String path(List<@Nullable Double> all) {
        StringBuilder path = new StringBuilder();
        int start = 0;
        while (start < all.size()) {
            int end = start;
            while (end < all.size() && all.get(end) != null) {
                end++;
            }
            if (end > start) {
                stretch(path, all, start, end);
            }
            start = end + 1;
        }
        return path.toString();
    }

    private void stretch(StringBuilder path, List<@Nullable Double> all, int start, int end) {
        double width = (double) WIDTH / all.size();
        boolean alone = end - start == 1;
        char move = 'M';
        if (start == 0 || alone) {
            move = point(path, move, start * width, all.get(start));
        }
        for (int i = start; i < end; i++) {
            move = point(path, move, (i + 0.5) * width, all.get(i));
        }
        if (end == all.size() || alone) {
            point(path, move, end * width, all.get(end - 1));
        }
    }

    private char point(StringBuilder path, char move, double x, @Nullable Double value) {
        path.append(move).append(number(x)).append(' ').append(number(y(value == null ? values.from() : value)));
        return 'L';
    }

    static String number(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }
}
