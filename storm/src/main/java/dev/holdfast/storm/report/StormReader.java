// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Band;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.EngineResult.Series;
import dev.holdfast.storm.result.EngineResult.TargetResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.ScenarioResult.Mark;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@link StormJson} wrote. */
final class StormReader {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final double NANOS_PER_MILLI = 1e6;

    private StormReader() {}

    static StormResult read(String text) {
        JsonNode json = MAPPER.readTree(text);
        Map<String, String> versions = new LinkedHashMap<>();
        json.path("versions")
                .properties()
                .forEach(entry -> versions.put(entry.getKey(), entry.getValue().stringValue()));
        return new StormResult(
                json.path("command").stringValue(),
                json.path("seed").longValue(),
                Form.valueOf(json.path("form").stringValue().toUpperCase(Locale.ROOT)),
                json.path("time_factor").doubleValue(),
                list(json.path("machine"), JsonNode::stringValue),
                versions,
                list(json.path("settings"), JsonNode::stringValue),
                list(json.path("scenarios"), StormReader::scenario));
    }

    private static ScenarioResult scenario(JsonNode json) {
        return new ScenarioResult(
                json.path("name").stringValue(),
                json.path("what").stringValue(),
                duration(json, "duration_ms"),
                duration(json, "bucket_ms"),
                list(json.path("targets"), JsonNode::stringValue),
                number(json.path("fault_rate")),
                list(json.path("marks"), StormReader::mark),
                list(json.path("offered"), JsonNode::longValue),
                list(json.path("oracle"), JsonNode::doubleValue),
                list(json.path("engines"), StormReader::engine));
    }

    private static Mark mark(JsonNode json) {
        return new Mark(
                duration(json, "from_ms"),
                durationOrNull(json, "to_ms"),
                json.path("target").stringValue(),
                json.path("what").stringValue());
    }

    private static EngineResult engine(JsonNode json) {
        JsonNode series = json.path("series");
        return new EngineResult(
                json.path("engine").stringValue(),
                json.path("label").stringValue(),
                json.path("calls").longValue(),
                json.path("succeeded").longValue(),
                json.path("failed").longValue(),
                json.path("rejected").longValue(),
                orNan(json.path("of_oracle")),
                orNan(json.path("amplification")),
                number(json.path("amplification_in_outage")),
                durationOrNull(json, "p50_ms"),
                durationOrNull(json, "p99_ms"),
                durationOrNull(json, "recovery_ms"),
                json.path("truncated").longValue(),
                json.path("duplicated").longValue(),
                json.path("tokens_wasted").longValue(),
                list(json.path("targets"), StormReader::target),
                new Series(
                        list(series.path("good"), JsonNode::longValue),
                        list(series.path("requests"), JsonNode::longValue),
                        list(series.path("p50_ms"), StormReader::number),
                        list(series.path("p99_ms"), StormReader::number)),
                list(json.path("checks"), StormReader::check),
                number(json.path("spread")));
    }

    private static TargetResult target(JsonNode json) {
        return new TargetResult(
                json.path("target").stringValue(),
                json.path("requests").longValue(),
                json.path("calls").longValue(),
                list(
                        json.path("bands"),
                        band -> new Band(
                                duration(band, "from_ms"),
                                duration(band, "to_ms"),
                                band.path("state").stringValue())));
    }

    private static Check check(JsonNode json) {
        return new Check(
                json.path("demand").stringValue(),
                json.path("found").stringValue(),
                json.path("holds").booleanValue());
    }

    private static double orNan(JsonNode json) {
        return json.isNull() ? Double.NaN : json.doubleValue();
    }

    private static @Nullable Double number(JsonNode json) {
        return json.isNull() ? null : Double.valueOf(json.doubleValue());
    }

    private static @Nullable Duration durationOrNull(JsonNode json, String key) {
        return json.path(key).isNull() ? null : duration(json, key);
    }

    private static Duration duration(JsonNode json, String key) {
        return Duration.ofNanos(Math.round(json.path(key).doubleValue() * NANOS_PER_MILLI));
    }

    private static <T extends @Nullable Object> List<T> list(JsonNode json, Function<JsonNode, T> item) {
        List<T> items = new ArrayList<>();
        json.forEach(one -> items.add(item.apply(one)));
        return items;
    }
}
