// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.ScenarioResult.Mark;
import dev.holdfast.storm.result.StormResult;
import java.util.ArrayList;
import java.util.List;

/** Goodput in one scenario as a picture that stands alone, on a ground of its own, by day and by night. */
public final class StormPicture {
    private static final int WIDTH = 860;
    private static final int LEFT = 52;
    private static final int RIGHT = 140;
    private static final int TOP = 74;
    private static final int PLOT = 232;
    private static final int ROW = 18;
    private static final int LINE = 116;

    private static final String STYLE = """
            text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;fill:#51606f}
            .ground{fill:#fff;stroke:#dde3e9}.title{font-size:16px;font-weight:650;fill:#16202a}
            path{fill:none;vector-effect:non-scaling-stroke}.grid{stroke:#dde3e9}.trouble{fill:#c4372e;fill-opacity:.07}
            .moment{stroke:#c4372e;stroke-opacity:.5;stroke-dasharray:3 3}.what{fill:#b12a22;font-weight:600}
            .area{fill:#8a97a5;fill-opacity:.17}.edge{stroke:#8a97a5}.line{stroke-width:1.6;stroke-linejoin:round}
            .line.k-holdfast{stroke-width:2.8}text.k-holdfast{font-weight:700}.of-area{font-style:italic}
            .line.k-none{stroke-dasharray:1.5 3.5}.line.k1{stroke-dasharray:9 3}.line.k2{stroke-dasharray:4 3}
            .line.k4{stroke-dasharray:9 3 2 3}.line.k5{stroke-dasharray:2 2}.line.k6{stroke-dasharray:14 4}
            """;

    private static final String DAY =
            colours("#175cb8", "#6b7885", "#c2540a", "#a8358c", "#0b7f5f", "#7a6100", "#1d83a6", "#7d4bc7");
    private static final String NIGHT =
            colours("#7db4f5", "#98a5b3", "#f08a4b", "#e487cd", "#41c39a", "#d3b83c", "#59c2e0", "#b494f0");

    private StormPicture() {}

    private static String colours(String ours, String none, String... peers) {
        StringBuilder style = new StringBuilder();
        colour(style, "k-holdfast", ours);
        colour(style, "k-none", none);
        for (int i = 0; i < peers.length; i++) {
            colour(style, "k" + (i + 1), peers[i]);
        }
        return style.toString();
    }

    private static void colour(StringBuilder style, String look, String colour) {
        style.append(".line.").append(look).append("{stroke:").append(colour).append("}text.");
        style.append(look).append("{fill:").append(colour).append("}\n");
    }

    /** The picture as an SVG file. */
    public static String of(StormResult storm, ScenarioResult scenario) {
        TimeChart chart = new ScenarioSection(scenario, new Cast(storm)).goodput(PLOT);
        List<String> what = Figures.wrapped(Figures.sentence(scenario.what()), LINE);
        int top = TOP + ROW * what.size();
        int plot = top + ROW * scenario.marks().size();
        int height = plot + PLOT + 44;
        Markup page = new Markup();
        page.open(
                        "svg",
                        "xmlns",
                        "http://www.w3.org/2000/svg",
                        "viewBox",
                        "0 0 " + WIDTH + " " + height,
                        "role",
                        "img",
                        "aria-label",
                        "Goodput in the storm " + scenario.name() + ": " + chart.summary())
                .line();
        page.raw("<style>\n" + STYLE + DAY + "@media(prefers-color-scheme:dark){text{fill:#9dabba}.ground{fill:#141a21;"
                + "stroke:#27313c}.title{fill:#e4e9ef}.grid{stroke:#27313c}.what{fill:#ff8f86}\n" + NIGHT
                + "}\n</style>\n");
        page.empty(
                        "rect",
                        "class",
                        "ground",
                        "x",
                        ".5",
                        "y",
                        ".5",
                        "width",
                        "859",
                        "height",
                        (height - 1) + "",
                        "rx",
                        "10")
                .line();
        text(page, 20, 32, "title", "Goodput in the storm “" + scenario.name() + "”");
        for (int i = 0; i < what.size(); i++) {
            text(page, 20, 54 + ROW * i, "", what.get(i));
        }
        text(page, 20, 58 + ROW * what.size(), "", Figures.sentence(chart.unit()));
        marks(page, scenario, chart.time(), top);
        plot(page, chart, plot);
        return page.close("svg").line().toString();
    }

    private static void marks(Markup page, ScenarioResult scenario, Scale time, int top) {
        List<Mark> marks = new ArrayList<>(scenario.marks());
        for (int i = 0; i < marks.size(); i++) {
            double share = time.place(marks.get(i).from().toMillis() / 1000.0);
            boolean late = share > 0.6;
            int x = x(share) + (late ? -6 : 6);
            page.open(
                            "text",
                            "class",
                            "what",
                            "x",
                            x + "",
                            "y",
                            (top + ROW * i + 12) + "",
                            "text-anchor",
                            late ? "end" : "start")
                    .text(MarkStrip.words(marks.get(i)))
                    .close("text")
                    .line();
        }
    }

    private static void plot(Markup page, TimeChart chart, int top) {
        int width = WIDTH - LEFT - RIGHT;
        page.open(
                "svg",
                "x",
                LEFT + "",
                "y",
                top + "",
                "width",
                width + "",
                "height",
                PLOT + "",
                "viewBox",
                "0 0 " + TimeChart.WIDTH + " " + PLOT,
                "preserveAspectRatio",
                "none",
                "overflow",
                "visible");
        chart.drawing(page);
        page.close("svg").line();
        for (Scale.Tick tick : chart.values().ticks()) {
            double y = top + PLOT * (1 - chart.values().place(tick.value()));
            page.element("text", tick.text(), "x", (LEFT - 8) + "", "y", TimeChart.number(y + 4), "text-anchor", "end");
        }
        for (Scale.Tick tick : chart.time().ticks()) {
            int x = x(chart.time().place(tick.value()));
            page.element("text", tick.text(), "x", x + "", "y", (top + PLOT + 20) + "", "text-anchor", "middle");
        }
        for (TimeChart.Name name : chart.names()) {
            text(page, WIDTH - RIGHT + 10, top + (int) Math.round(name.y()) + 4, name.look(), name.label());
        }
    }

    private static int x(double share) {
        return LEFT + (int) Math.round((WIDTH - LEFT - RIGHT) * share);
    }

    private static void text(Markup page, int x, int y, String look, String text) {
        page.element("text", text, "class", look, "x", Integer.toString(x), "y", Integer.toString(y))
                .line();
    }
}
