// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Series;
import dev.holdfast.storm.result.EngineResult.TargetResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run of the storms for a program: one JSON object, its keys always there and always in one order. Durations are
 * milliseconds of the scenario, in keys that end in {@code _ms}; a figure that does not exist is null.
 */
public final class StormJson {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final double NANOS_PER_MILLI = 1e6;

    private StormJson() {}

    /** The object on one line. */
    public static String of(StormResult storm) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", storm.command());
        json.put("seed", storm.seed());
        json.put("form", storm.form().name().toLowerCase(Locale.ROOT));
        number(json, "time_factor", storm.timeFactor());
        storm.machine().forEach(json.putArray("machine")::add);
        ObjectNode versions = json.putObject("versions");
        storm.versions().forEach(versions::put);
        storm.settings().forEach(json.putArray("settings")::add);
        ArrayNode scenarios = json.putArray("scenarios");
        storm.scenarios().forEach(scenario -> scenario(scenarios.addObject(), scenario));
        return json.toString();
    }

    private static void scenario(ObjectNode json, ScenarioResult scenario) {
        json.put("name", scenario.name());
        json.put("what", scenario.what());
        duration(json, "duration_ms", scenario.duration());
        duration(json, "bucket_ms", scenario.bucket());
        scenario.targets().forEach(json.putArray("targets")::add);
        number(json, "fault_rate", scenario.faultRate());
        ArrayNode marks = json.putArray("marks");
        for (ScenarioResult.Mark mark : scenario.marks()) {
            ObjectNode one = marks.addObject();
            duration(one, "from_ms", mark.from());
            duration(one, "to_ms", mark.to());
            one.put("target", mark.target()).put("what", mark.what());
        }
        scenario.offered().forEach(json.putArray("offered")::add);
        numbers(json.putArray("oracle"), scenario.oracle());
        ArrayNode engines = json.putArray("engines");
        scenario.engines().forEach(engine -> engine(engines.addObject(), engine));
    }

    private static void engine(ObjectNode json, EngineResult engine) {
        json.put("engine", engine.engine());
        json.put("label", engine.label());
        json.put("calls", engine.calls());
        json.put("succeeded", engine.succeeded());
        json.put("failed", engine.failed());
        json.put("rejected", engine.rejected());
        number(json, "of_oracle", engine.ofOracle());
        number(json, "spread", engine.spread());
        number(json, "amplification", engine.amplification());
        number(json, "amplification_in_outage", engine.amplificationInOutage());
        duration(json, "p50_ms", engine.p50());
        duration(json, "p99_ms", engine.p99());
        duration(json, "recovery_ms", engine.recovery());
        json.put("truncated", engine.truncated());
        json.put("duplicated", engine.duplicated());
        json.put("tokens_wasted", engine.tokensWasted());
        ArrayNode targets = json.putArray("targets");
        engine.targets().forEach(target -> target(targets.addObject(), target));
        series(json.putObject("series"), engine.series());
        ArrayNode checks = json.putArray("checks");
        engine.checks().forEach(check -> checks.addObject()
                .put("demand", check.demand())
                .put("found", check.found())
                .put("holds", check.holds()));
    }

    private static void target(ObjectNode json, TargetResult target) {
        json.put("target", target.target());
        json.put("requests", target.requests());
        json.put("calls", target.calls());
        ArrayNode bands = json.putArray("bands");
        target.bands().forEach(band -> {
            ObjectNode one = bands.addObject();
            duration(one, "from_ms", band.from());
            duration(one, "to_ms", band.to());
            one.put("state", band.state());
        });
    }

    private static void series(ObjectNode json, Series series) {
        series.good().forEach(json.putArray("good")::add);
        series.requests().forEach(json.putArray("requests")::add);
        numbers(json.putArray("p50_ms"), series.p50Millis());
        numbers(json.putArray("p99_ms"), series.p99Millis());
    }

    private static void duration(ObjectNode json, String key, @Nullable Duration duration) {
        number(json, key, duration == null ? null : Double.valueOf(duration.toNanos() / NANOS_PER_MILLI));
    }

    private static void numbers(ArrayNode json, List<? extends @Nullable Double> values) {
        for (Double value : values) {
            if (value == null || !Double.isFinite(value)) {
                json.addNull();
            } else if (value == Math.rint(value)) {
                json.add(value.longValue());
            } else {
                json.add(rounded(value));
            }
        }
    }

    /** Whole numbers without a fraction; what is not a number is null, for JSON has no word for it. */
    private static void number(ObjectNode json, String key, @Nullable Double value) {
        if (value == null || !Double.isFinite(value)) {
            json.putNull(key);
        } else if (value == Math.rint(value)) {
            json.put(key, value.longValue());
        } else {
            json.put(key, rounded(value));
        }
    }

    private static double rounded(double value) {
        return Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 : value;
    }
}
