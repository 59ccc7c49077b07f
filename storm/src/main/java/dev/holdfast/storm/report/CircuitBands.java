// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Band;
import dev.holdfast.storm.result.EngineResult.TargetResult;
import dev.holdfast.storm.result.ScenarioResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The states of circuits over time, a strip for each engine and target, below the chart and on its axis. */
final class CircuitBands {
    private static final int HEIGHT = 14;
    private static final int WIDTH = 1000;

    /** How much of the strip a state fills: what differs in colour differs in height too. */
    private static final Map<String, Integer> FILLED = Map.of("closed", 3, "half-open", 8, "open", 14, "paused", 14);

    private final ScenarioResult scenario;
    private final Cast cast;
    private final Scale time;

    CircuitBands(ScenarioResult scenario, Cast cast, Scale time) {
        this.scenario = scenario;
        this.cast = cast;
        this.time = time;
    }

    void write(Markup page) {
        if (scenario.engines().stream()
                .flatMap(engine -> engine.targets().stream())
                .allMatch(target -> target.bands().isEmpty())) {
            return;
        }
        page.open("figure", "class", "chart circuits");
        page.open("figcaption").element("b", "Circuits").text(" ").open("span", "class", "states");
        for (String state : List.of("closed", "half-open", "open", "paused")) {
            page.element("i", state, "class", "state s-" + state);
        }
        page.close("span").close("figcaption");
        for (EngineResult engine : scenario.engines()) {
            for (TargetResult target : engine.targets()) {
                if (!target.bands().isEmpty()) {
                    strip(page, engine, target);
                }
            }
        }
        page.close("figure").line();
    }

    private void strip(Markup page, EngineResult engine, TargetResult target) {
        String name = scenario.targets().size() == 1 ? engine.label() : engine.label() + " · " + target.target();
        page.open("div", "class", "strip " + cast.look(engine));
        page.open(
                "svg",
                "role",
                "img",
                "aria-label",
                "Circuit of " + engine.label() + " for " + target.target() + ": " + words(target.bands()),
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "preserveAspectRatio",
                "none");
        for (Band band : target.bands()) {
            band(page, band);
        }
        page.close("svg")
                .element("span", name, "aria-hidden", "true", "title", name)
                .close("div");
    }

    private void band(Markup page, Band band) {
        double from = WIDTH * time.place(band.from().toMillis() / 1000.0);
        double to = WIDTH * time.place(band.to().toMillis() / 1000.0);
        String state = state(band);
        int filled = FILLED.getOrDefault(state, HEIGHT);
        page.empty(
                "rect",
                "class",
                "s-" + (FILLED.containsKey(state) ? state : "other"),
                "x",
                TimeChart.number(from),
                "width",
                TimeChart.number(Math.max(1.5, to - from)),
                "y",
                Integer.toString(HEIGHT - filled),
                "height",
                Integer.toString(filled));
    }

    private static String words(List<Band> bands) {
        String words = bands.stream()
                .filter(band -> !state(band).equals("closed"))
                .limit(12)
                .map(band ->
                        band.state() + " from " + Figures.duration(band.from()) + " to " + Figures.duration(band.to()))
                .collect(Collectors.joining(", "));
        return words.isEmpty() ? "closed all the time" : words;
    }

    /** States as this page writes them, whoever wrote them. */
    private static String state(Band band) {
        return band.state().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
