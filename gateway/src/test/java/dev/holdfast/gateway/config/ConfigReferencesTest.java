// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import static dev.holdfast.gateway.config.Reading.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** References to the environment, anchors, and what stands behind the file. */
class ConfigReferencesTest {
    private static final Map<String, String> AROUND = Map.of(
            "SET", "value",
            "EMPTY", "",
            "YAML", "a: [b, {c: d}] # e\n- f",
            "DOLLARS", "${SET} $$",
            "PORT", "4321",
            "FLAG", "true");

    private static TargetConfig target(String fields) {
        String yaml = "targets:\n  t: { provider: ollama, " + fields + " }\nmodels:\n  m: { targets: [t] }\n";
        return Objects.requireNonNull(new ConfigReader(AROUND::get)
                .read("test.yaml", yaml)
                .targets()
                .get("t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${SET} | value",
                "a-${SET}-${SET} | a-value-value",
                "'${SET}' | value",
                "\"${SET}\" | value",
                "${UNSET:-other} | other",
                "${EMPTY:-other} | other",
                "${SET:-other} | value",
                "${UNSET:-http://h:1/a,b {c #d]} | http://h:1/a,b {c #d]",
                "'${UNSET:-a: b}' | a: b",
                "$SET | $SET",
                "a$b | a$b",
                "$$ | $",
                "$${SET} | ${SET}",
                "$$$${SET} | $${SET}",
                "$$${SET} | $value",
                "${DOLLARS} | ${SET} $$",
            })
    void aReferenceStandsForItsVariable(String written, String value) {
        assertThat(target("model: " + written).model()).isEqualTo(value);
    }

    @Test
    void aValueIsNeverReadAsYaml() {
        assertThat(target("model: ${YAML}").model()).isEqualTo(AROUND.get("YAML"));
    }

    @Test
    void numbersAndFlagsMayComeFromTheEnvironment() {
        GatewayConfig config = new ConfigReader(AROUND::get)
                .read(
                        "test.yaml",
                        SMALL.replace("openai", "ollama") + "listen: { port: ${PORT} }\naccess_log: { enabled: \"${FLAG}\" }\n");

        assertThat(config.listen().port()).isEqualTo(4321);
        assertThat(config.accessLog().enabled()).isTrue();
    }

    @Test
    void everyMissingVariableIsToldAtOnceAndNothingElseOfIt() {
        List<String> problems = Reading.problems(
                """
                # ${IN_A_COMMENT is no reference
                admin_key: ${ONE}
                clients:
                  - { name: "${TWO}", key: "x${THREE}" }
                listen: { port: ${FOUR} }
                targets:
                  gpt: { provider: openai, model: ${FIVE}, api_key: ${SIX} }
                models:
                  default: { targets: [gpt] }
                """,
                Map.of());

        assertThat(problems).hasSize(6);
        assertThat(problems.get(0)).isEqualTo("2 admin_key: the environment variable ONE is not set: set it, or give a"
                + " default with ${ONE:-…}");
        assertThat(problems.get(5)).startsWith("7 targets.gpt.api_key: the environment variable SIX is not set");
    }

    @ParameterizedTest
    @CsvSource({"${}", "${1A}", "${A B}", "${A-b}", "'${A'", "${A:-${B}}"})
    void whatIsNoReferenceIsAProblem(String written) {
        assertThat(Reading.problems(SMALL + "admin_key: " + written + "\n"))
                .anyMatch(problem -> problem.startsWith("5 admin_key: "));
    }

    @Test
    void aPrivateCharacterCannotPassForAReference() {
        assertThat(Reading.problems(SMALL + "admin_key: '\uF6B0'\n"))
                .containsExactly("5 : the private character U+F6B0 cannot be used here");
    }

    @Test
    void anchorsAndMergesSpareRepetition() {
        GatewayConfig config = Reading.read("""
                targets:
                  a: &base { provider: ollama, model: x, base_url: http://h:1 }
                  b: { <<: *base, model: y }
                models:
                  m: { targets: &all [a, b] }
                  n: { targets: *all }
                """);

        assertThat(config.targets().get("b").model()).isEqualTo("y");
        assertThat(config.targets().get("b").endpoint())
                .isEqualTo(config.targets().get("a").endpoint());
        assertThat(config.models().get("n").tiers()).hasSize(2);
    }

    @Test
    void wordsOfYamlThatLookLikeOtherTypesStayWords() {
        assertThat(target("model: no").model()).isEqualTo("no");
        assertThat(target("model: on").model()).isEqualTo("on");
        assertThat(target("model: 1.10").model()).isEqualTo("1.10");
        assertThat(target("model: 1_000").model()).isEqualTo("1_000");
        assertThat(target("model: 0o17").model()).isEqualTo("0o17");
        assertThat(target("model: 2026-01-01").model()).isEqualTo("2026-01-01");
        assertThat(target("model: 12:30:45").model()).isEqualTo("12:30:45");
        assertThat(target("model: 'null'").model()).isEqualTo("null");
    }

    // defaults < environment < file < flags

    @Test
    void flagsBeatTheFileAndTheFileBeatsTheEnvironment() {
        Map<String, String> around = new HashMap<>(Map.of(
                "OPENAI_API_KEY", "k", "HOLDFAST_HOST", "::1", "HOLDFAST_PORT", "1", "HOLDFAST_ADMIN_KEY", "admin"));
        ConfigReader reader = new ConfigReader(around::get);
        String file = SMALL + "listen: { host: 127.0.0.2, port: 2 }\nadmin_key: ''\n";

        assertThat(reader.read("f", SMALL).listen().port()).isEqualTo(1);
        assertThat(reader.read("f", SMALL).listen().host()).isEqualTo("::1");
        assertThat(Objects.requireNonNull(reader.read("f", SMALL).adminKey()).reveal()).isEqualTo("admin");
        assertThat(reader.read("f", file).listen().port()).isEqualTo(2);
        assertThat(reader.read("f", file).listen().host()).isEqualTo("127.0.0.2");
        assertThat(reader.read("f", file).adminKey()).isNull();
        assertThat(reader.withListen("localhost", 3).read("f", file).listen().port()).isEqualTo(3);
        assertThat(reader.withListen("localhost", 3).read("f", file).listen().host()).isEqualTo("localhost");
        around.clear();
        around.put("OPENAI_API_KEY", "k");
        assertThat(reader.read("f", SMALL).listen().port()).isEqualTo(4000);
    }

    @Test
    void problemsOfFlagsAndVariablesNameThem() {
        Map<String, String> around = Map.of("OPENAI_API_KEY", "k", "HOLDFAST_HOST", "0.0.0.0", "HOLDFAST_PORT", "p");

        assertThat(Reading.problems(SMALL, around)).satisfiesExactlyInAnyOrder(
                host -> assertThat(host).startsWith("0 HOLDFAST_HOST: reaches beyond this machine"),
                port -> assertThat(port).startsWith("0 HOLDFAST_PORT: must be a port"));
    }

    @Test
    void theKeyOfAProviderMayComeFromTheEnvironmentAlone() {
        TargetConfig gpt = Objects.requireNonNull(Reading.read(SMALL).targets().get("gpt"));

        assertThat(Objects.requireNonNull(gpt.endpoint().key()).reveal()).isEqualTo("sk-openai");
    }
}
