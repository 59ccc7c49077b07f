// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;

/** Scenario by engine: the deeper the colour, the more of the oracle's goodput. */
final class HeatTable {
    private final StormResult storm;
    private final Cast cast;

    HeatTable(StormResult storm, Cast cast) {
        this.storm = storm;
        this.cast = cast;
    }

    void write(Markup page) {
        page.open("table", "class", "heat")
                .element("caption", "Goodput as a share of the oracle's, by scenario and engine", "class", "hidden")
                .open("thead")
                .open("tr")
                .element("th", "scenario", "scope", "col");
        for (Cast.Member member : cast.members()) {
            page.open("th", "scope", "col", "class", member.look())
                    .element("span", member.label())
                    .close("th");
        }
        page.close("tr").close("thead").open("tbody").line();
        storm.scenarios().forEach(scenario -> row(page, scenario));
        page.close("tbody").close("table").line();
    }

    private void row(Markup page, ScenarioResult scenario) {
        double best = scenario.engines().stream()
                .mapToDouble(engine -> FigureTable.bounded(engine.ofOracle()))
                .max()
                .orElse(0);
        page.open("tr")
                .open("th", "scope", "row")
                .element("a", scenario.name(), "href", StormHtml.anchor(storm, scenario))
                .close("th");
        for (Cast.Member member : cast.members()) {
            EngineResult engine = Cast.of(scenario, member.engine());
            if (engine == null) {
                page.element("td", Figures.NOTHING, "class", "none " + member.look());
                continue;
            }
            double share = FigureTable.bounded(engine.ofOracle());
            // What differs by less than half a percent is as good as the best.
            boolean top = share > 0 && share >= best - 0.005;
            page.open(
                    "td",
                    "class",
                    (top ? "best " : "") + member.look(),
                    "style",
                    TimeChart.percent("--v", share * share));
            // On a narrow screen the sign is left out.
            page.text(Figures.share(engine.ofOracle()).replace(" %", "")).element("small", "\u2009%");
            if (StormHtml.fails(engine)) {
                page.open("span", "class", "mark")
                        .raw("✗<span class=\"hidden\"> demand not met</span>")
                        .close("span");
            }
            page.close("td");
        }
        page.close("tr").line();
    }
}
