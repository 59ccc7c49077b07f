// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over the real command. The one run that is made needs real time: it goes over sockets. */
@Timeout(180)
class StormCommandTest {
    @TempDir
    Path directory;

    @Test
    void aScenarioIsRunAndShownInAllForms() throws Exception {
        Path page = directory.resolve("storm.html");

        Ran ran = Ran.holdfast(
                "storm", "steady", "--engine", "none", "--engine", "holdfast", "--report", page.toString(), "--json");

        assertThat(ran.errLines())
                .containsSubsequence("storm 1/2 steady, none", "storm 2/2 steady, holdfast", "report " + page);
        assertThat(ran.json().path("command").stringValue())
                .isEqualTo("holdfast storm steady --engine none --engine holdfast --seed 42");
        assertThat(ran.json().at("/versions/holdfast").stringValue()).isNotBlank();
        assertThat(ran.json().path("machine"))
                .anySatisfy(line -> assertThat(line.stringValue()).matches("load [0-9.]+ at the end"));
        assertThat(ran.json().at("/scenarios/0/name").stringValue()).isEqualTo("steady");
        assertThat(ran.json().at("/scenarios/0/engines")).hasSize(2);
        assertThat(ran.json().at("/scenarios/0/engines/1/succeeded").longValue())
                .isPositive();
        assertThat(Files.readString(page)).startsWith("<!doctype html>").contains(">steady<");
    }

    @Test
    void scenariosAndEnginesAreNamed() {
        Ran ran = Ran.holdfast("storm", "--list");

        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("scenarios: steady, blips, outage, brownout, rate-limit, overload, failover, hang,"
                                + " poison, stream-cuts, recovery-herd"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("engines:   none, ").contains("holdfast"));
        assertThat(Ran.holdfast("storm", "--list", "--json").json().path("scenarios"))
                .hasSize(11);
    }

    @Test
    void whatIsNotKnownIsSaidWithWhatIs() {
        Ran scenario = Ran.holdfast("storm", "typhoon");
        Ran engine = Ran.holdfast("storm", "steady", "--engine", "sail");

        assertThat(scenario.code()).isEqualTo(2);
        assertThat(scenario.out()).isEmpty();
        assertThat(scenario.err()).startsWith("holdfast: there is no scenario 'typhoon' here; there are: steady, ");
        Ran library = Ran.holdfast("storm", "steady", "--virtual", "--engine", "resilience4j");
        assertThat(library.code()).isEqualTo(2);
        assertThat(library.err()).contains("there is no engine 'resilience4j' here; there are: none, ");
        assertThat(engine.code()).isEqualTo(2);
        assertThat(engine.err()).startsWith("holdfast: there is no engine 'sail' here; there are: none, ");
    }

    @Test
    void aConfigurationThatCannotBeUsedIsTwo() throws Exception {
        Path file = Files.writeString(directory.resolve("holdfast.yaml"), """
                targets: { a: { provider: sim, model: ok } }
                models: { default: { targets: [a] } }
                policies: { standard: { retry: { max_attempts: many } } }
                """);

        Ran wrong = Ran.holdfast("storm", "steady", "--config", file.toString());
        Ran missing =
                Ran.holdfast("storm", "--config", directory.resolve("none.yaml").toString());

        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).startsWith(file + ":3: policies.standard.retry.max_attempts: ");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("there is no such file");
    }

    @Test
    void aPolicyIsOneOfTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("holdfast.yaml"), """
                targets: { a: { provider: sim, model: ok } }
                models: { default: { targets: [a] } }
                """);

        Ran unknown = Ran.holdfast("storm", "--config", file.toString(), "--policy", "hasty");
        Ran alone = Ran.holdfast("storm", "--policy", "hasty");

        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("has no policy 'hasty'; it has: standard");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err()).contains("add --config FILE");
    }

    @Test
    void aReportThatCannotBeWrittenIsSaidBeforeTheRun() {
        Ran ran = Ran.with(
                Map.of(),
                "",
                "storm",
                "steady",
                "--report",
                directory.resolve("no/such/page.html").toString());

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .contains("name a file in a directory that is there")
                .doesNotContain("storm 1/");
    }

    @Test
    void numbersMustMakeSense() {
        assertThat(Ran.holdfast("storm", "--runs", "0").err()).contains("--runs must be at least 1, not 0");
        assertThat(Ran.holdfast("storm", "--virtual", "--clients", "0").code()).isEqualTo(2);
    }
}
