// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.StormResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StormJsonTest {
    private static JsonNode json(StormResult storm) {
        return new JsonMapper().readTree(StormJson.of(storm));
    }

    @Test
    void keysAreAlwaysTheseInThisOrder() {
        JsonNode storm = json(SampleStorm.storm());

        assertThat(storm.propertyNames())
                .containsExactly(
                        "command", "seed", "form", "time_factor", "machine", "versions", "settings", "scenarios");
        assertThat(storm.at("/scenarios/0").propertyNames())
                .containsExactly(
                        "name",
                        "what",
                        "duration_ms",
                        "bucket_ms",
                        "targets",
                        "fault_rate",
                        "marks",
                        "offered",
                        "oracle",
                        "engines");
        assertThat(storm.at("/scenarios/0/marks/0").propertyNames())
                .containsExactly("from_ms", "to_ms", "target", "what");
        assertThat(storm.at("/scenarios/0/engines/0").propertyNames())
                .containsExactly(
                        "engine",
                        "label",
                        "calls",
                        "succeeded",
                        "failed",
                        "rejected",
                        "of_oracle",
                        "spread",
                        "amplification",
                        "amplification_in_outage",
                        "p50_ms",
                        "p99_ms",
                        "recovery_ms",
                        "truncated",
                        "duplicated",
                        "tokens_wasted",
                        "targets",
                        "series",
                        "checks");
        assertThat(storm.at("/scenarios/0/engines/5/targets/0").propertyNames())
                .containsExactly("target", "requests", "calls", "bands");
        assertThat(storm.at("/scenarios/0/engines/5/targets/0/bands/0").propertyNames())
                .containsExactly("from_ms", "to_ms", "state");
        assertThat(storm.at("/scenarios/0/engines/5/series").propertyNames())
                .containsExactly("good", "requests", "p50_ms", "p99_ms");
        assertThat(storm.at("/scenarios/0/engines/5/checks/0").propertyNames())
                .containsExactly("demand", "found", "holds");
    }

    @Test
    void durationsAreMillisecondsAndWhatIsNotThereIsNull() {
        JsonNode storm = json(SampleStorm.storm());

        assertThat(storm.path("form").stringValue()).isEqualTo("real_time");
        assertThat(storm.at("/scenarios/0/duration_ms").intValue()).isEqualTo(60_000);
        assertThat(storm.at("/scenarios/0/marks/1/to_ms").isNull()).isTrue();
        assertThat(storm.at("/scenarios/0/fault_rate").isNull()).isTrue();
        assertThat(storm.at("/scenarios/1/engines/1/recovery_ms").isNull()).isTrue();
        assertThat(storm.at("/scenarios/0/engines/0/series/p50_ms/22").isNull()).isTrue();
        assertThat(StormJson.of(SampleStorm.storm())).doesNotContain("\n", "NaN");
    }

    @Test
    void notANumberIsNull() {
        EngineResult engine = SampleStorm.engine("none", "no policy", Double.NaN, Double.POSITIVE_INFINITY, 0);
        StormResult storm = SampleStorm.storm();
        StormResult odd = new StormResult(
                storm.command(),
                storm.seed(),
                storm.form(),
                storm.timeFactor(),
                storm.machine(),
                storm.versions(),
                storm.settings(),
                List.of(SampleStorm.scenario("odd", "Odd.", List.of("a"), List.of(), List.of(engine))));

        assertThat(json(odd).at("/scenarios/0/engines/0/of_oracle").isNull()).isTrue();
        assertThat(json(odd).at("/scenarios/0/engines/0/amplification").isNull())
                .isTrue();
    }

    @Test
    void whatIsReadBackIsTheSameRun() {
        StormResult storm = SampleStorm.storm();

        StormResult read = StormReader.read(StormJson.of(storm));

        assertThat(StormJson.of(read)).isEqualTo(StormJson.of(storm));
    }
}
