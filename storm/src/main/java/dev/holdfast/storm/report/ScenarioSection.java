// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.report.TimeChart.Line;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.ScenarioResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** One scenario on the page: what happens, the charts, the figures, the checks. */
final class ScenarioSection {
    private static final int TALL = 232;
    private static final int LOW = 168;
    private static final double CAP = 1.5;

    private final ScenarioResult scenario;
    private final Cast cast;
    private final Scale time;
    private final double bucketSeconds;
    private final Smoothing smoothing;

    ScenarioSection(ScenarioResult scenario, Cast cast) {
        this.scenario = scenario;
        this.cast = cast;
        this.time = Scale.time(scenario.duration());
        this.bucketSeconds = Math.max(1e-3, scenario.bucket().toMillis() / 1000.0);
        this.smoothing = new Smoothing(scenario);
    }

    void write(Markup page, String id) {
        page.open("section", "class", "panel scenario", "id", id, "aria-labelledby", id + "-title")
                .line();
        page.open("header")
                .element("h2", scenario.name(), "id", id + "-title")
                .element("p", Figures.sentence(scenario.what()));
        facts(page);
        page.close("header").line();
        if (!scenario.engines().isEmpty()) {
            new MarkStrip(scenario.marks(), time).write(page);
            goodput(TALL).write(page);
            new CircuitBands(scenario, cast, time).write(page);
            page.open("div", "class", "charts");
            requests().write(page);
            latency("Latency, middle", "p50 by end", EngineResult.Series::p50Millis, EngineResult::p50)
                    .write(page);
            latency("Latency, worst", "p99 by end", EngineResult.Series::p99Millis, EngineResult::p99)
                    .write(page);
            page.close("div").line();
            new FigureTable(scenario, cast).write(page);
            checks(page);
        }
        page.close("section").line();
    }

    private void facts(Markup page) {
        page.open("ul", "class", "facts");
        page.element("li", "load for " + Figures.duration(scenario.duration()));
        page.element(
                "li",
                Figures.count(scenario.offered().stream()
                                .mapToLong(Long::longValue)
                                .sum()) + " calls");
        page.element(
                "li",
                (scenario.targets().size() == 1 ? "target " : "targets ") + String.join(" → ", scenario.targets()));
        Double rate = scenario.faultRate();
        if (rate != null) {
            page.element("li", Figures.share(rate) + " of requests fail by themselves");
        }
        page.close("ul");
    }

    TimeChart goodput(int height) {
        List<Double> oracle = rate(scenario.oracle());
        List<Line> lines = lines(engine -> new ArrayList<>(rate(engine.series().good())));
        return new TimeChart(
                "Goodput",
                "good answers a second, beside what the servers could have given" + smoothing.words(),
                summary("of the oracle", engine -> Figures.share(engine.ofOracle())),
                time,
                Scale.linear(largest(lines, capped(oracle))),
                height,
                scenario.marks(),
                oracle,
                "oracle",
                lines);
    }

    /** What waited for the end of an outage could all be served at once; that peak would press everything else flat. */
    private List<Double> capped(List<Double> oracle) {
        double most = CAP
                * rate(scenario.offered()).stream()
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElse(0);
        return oracle.stream().map(value -> Math.min(value, most)).toList();
    }

    private TimeChart requests() {
        List<Double> offered = rate(scenario.offered());
        List<Line> lines = lines(engine -> new ArrayList<>(rate(engine.series().requests())));
        return new TimeChart(
                "Requests",
                "a second, all targets" + smoothing.words(),
                summary("requests for each call", engine -> Figures.factor(engine.amplification())),
                time,
                Scale.linear(largest(lines, offered)),
                LOW,
                scenario.marks(),
                offered,
                "offered",
                lines);
    }

    private TimeChart latency(
            String title,
            String unit,
            Function<EngineResult.Series, List<@Nullable Double>> values,
            Function<EngineResult, @Nullable Duration> whole) {
        List<Line> lines = lines(engine ->
                smoothing.mean(values.apply(engine.series()), engine.series().good()));
        double smallest = all(lines).filter(value -> value > 0).min().orElse(1);
        return new TimeChart(
                title,
                unit + smoothing.words(),
                summary("over all", engine -> Figures.duration(whole.apply(engine))),
                time,
                Scale.logarithmic(smallest, largest(lines, List.of())),
                LOW,
                scenario.marks(),
                List.of(),
                "",
                lines);
    }

    private List<Line> lines(Function<EngineResult, List<@Nullable Double>> values) {
        List<Line> lines = new ArrayList<>();
        for (EngineResult engine : Cast.toDraw(scenario)) {
            lines.add(new Line(cast.look(engine), engine.label(), values.apply(engine)));
        }
        return lines;
    }

    private String summary(String what, Function<EngineResult, String> figure) {
        return scenario.engines().stream()
                .map(engine -> engine.label() + " " + figure.apply(engine))
                .collect(Collectors.joining(", ", what + ": ", ""));
    }

    private List<Double> rate(List<? extends Number> counts) {
        return smoothing.mean(counts.stream()
                .map(count -> count.doubleValue() / bucketSeconds)
                .toList());
    }

    private static double largest(List<Line> lines, List<Double> area) {
        return DoubleStream.concat(all(lines), area.stream().mapToDouble(Double::doubleValue))
                .max()
                .orElse(1);
    }

    private static DoubleStream all(List<Line> lines) {
        return lines.stream()
                .flatMap(line -> line.values().stream())
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue);
    }

    private void checks(Markup page) {
        for (EngineResult engine : scenario.engines()) {
            if (!engine.checks().isEmpty()) {
                page.element("h3", "Demanded of " + engine.label());
                page.open("ul", "class", "checks");
                engine.checks().stream()
                        .sorted(Comparator.comparing(Check::holds))
                        .forEach(check -> check(page, check));
                page.close("ul").line();
            }
        }
    }

    private static void check(Markup page, Check check) {
        page.open("li", "class", check.holds() ? "holds" : "fails")
                .element("b", check.holds() ? "holds" : "fails")
                .element("span", check.demand())
                .element("em", check.found())
                .close("li");
    }
}
