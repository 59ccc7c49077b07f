// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class StormTextTest {
    private static String text(int width) {
        return new StormText(width, text -> "!" + text).of(SampleStorm.storm());
    }

    @Test
    void everyScenarioIsATableWithARowForEachEngine() {
        List<String> lines = text(80).lines().toList();

        assertThat(lines.get(0)).startsWith("outage: The only target is down");
        assertThat(lines.get(1)).contains("goodput", "req/call", "p50", "p99", "recovery");
        assertThat(lines.get(2)).startsWith("  no policy ").contains("99 %", "1.00");
        assertThat(lines).filteredOn(line -> line.startsWith("  Holdfast")).hasSize(2);
    }

    @Test
    void demandsThatFailAreMarkedAndCounted() {
        assertThat(text(80))
                .contains("!  ✗ Holdfast: amplification at most 1.05, found 1.09")
                .endsWith("!demands that hold: 5 of 6")
                .doesNotContain("no truncated answer");
    }

    @Test
    void nothingIsWiderThanTheTerminal() {
        for (int width : new int[] {40, 60, 80, 120}) {
            assertThat(text(width).lines().filter(line -> !line.startsWith("!")))
                    .as("width %s", width)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width))
                    .anySatisfy(line -> assertThat(line).contains("goodput"));
        }
        assertThat(text(120)).contains("wasted");
    }

    @Test
    void namesCannotSteerTheTerminal() {
        ScenarioResult scenario = SampleStorm.scenario(
                "x\u001B[2J",
                "y\r\u202E",
                List.of("a"),
                List.of(),
                List.of(SampleStorm.engine("e", "z\u001B]0;t\u0007", 1, 1, 0)));
        StormResult storm = SampleStorm.storm();
        StormResult odd = new StormResult(
                storm.command(),
                storm.seed(),
                storm.form(),
                storm.timeFactor(),
                storm.machine(),
                storm.versions(),
                storm.settings(),
                List.of(scenario));

        String text = new StormText(80, line -> line).of(odd);

        assertThat(text).doesNotContain("\u001B", "\r\u202E", "\u0007");
    }
}
