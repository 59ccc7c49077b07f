// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.ScenarioResult;

/** The figures of a scenario, a row for each engine. */
final class FigureTable {
    private final ScenarioResult scenario;
    private final Cast cast;
    private final boolean outage;

    FigureTable(ScenarioResult scenario, Cast cast) {
        this.scenario = scenario;
        this.cast = cast;
        this.outage = scenario.engines().stream().anyMatch(engine -> engine.amplificationInOutage() != null);
    }

    void write(Markup page) {
        String caption = "Figures of " + scenario.name();
        page.open("div", "class", "wide", "role", "region", "tabindex", "0", "aria-label", caption)
                .open("table")
                .element("caption", caption, "class", "hidden")
                .open("thead")
                .open("tr");
        head(page, "engine", "");
        head(page, "goodput", "of the oracle");
        head(page, "requests", "a call");
        if (outage) {
            head(page, "in outage", "a call");
        }
        head(page, "p50", "of successes");
        head(page, "p99", "of successes");
        head(page, "recovery", "after it");
        head(page, "cut", "as whole");
        head(page, "twice", "in part");
        head(page, "wasted", "tokens");
        head(page, "failed", "tried");
        head(page, "rejected", "untried");
        page.close("tr").close("thead").open("tbody").line();
        scenario.engines().forEach(engine -> row(page, engine));
        page.close("tbody").close("table").close("div").line();
    }

    private static void head(Markup page, String name, String unit) {
        page.open("th", "scope", "col").text(name);
        if (!unit.isEmpty()) {
            page.text(" ").element("small", unit);
        }
        page.close("th");
    }

    private void row(Markup page, EngineResult engine) {
        page.open("tr", "class", cast.look(engine));
        page.open("th", "scope", "row")
                .open("i", "class", "swatch")
                .close("i")
                .text(engine.label())
                .close("th");
        page.open("td", "class", "goodput").element("b", Figures.share(engine.ofOracle()));
        Double spread = engine.spread();
        if (spread != null) {
            page.text(" ").element("small", "± " + Figures.trimmed(50 * spread, 1));
        }
        page.open("i", "class", "meter", "style", TimeChart.percent("--v", bounded(engine.ofOracle())))
                .close("i")
                .close("td");
        cell(page, Figures.factor(engine.amplification()));
        if (outage) {
            cell(page, Figures.factor(engine.amplificationInOutage()));
        }
        cell(page, Figures.duration(engine.p50()));
        cell(page, Figures.duration(engine.p99()));
        cell(page, Figures.recovery(scenario, engine));
        bad(page, engine.truncated());
        bad(page, engine.duplicated());
        cell(page, Figures.count(engine.tokensWasted()));
        cell(page, Figures.count(engine.failed()));
        cell(page, Figures.count(engine.rejected()));
        page.close("tr").line();
    }

    static double bounded(double share) {
        return Double.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
    }

    private static void cell(Markup page, String text) {
        page.element("td", text);
    }

    /** What must never be. */
    private static void bad(Markup page, long count) {
        if (count == 0) {
            cell(page, "0");
        } else {
            page.element("td", Figures.count(count), "class", "bad");
        }
    }
}
