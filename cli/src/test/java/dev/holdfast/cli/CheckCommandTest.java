// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract of {@code holdfast check}. */
class CheckCommandTest {
    private static final Map<String, String> AROUND =
            Map.of("OPENAI_API_KEY", "sk-marker-1", "ANTHROPIC_API_KEY", "sk-marker-2", "TEAM_A_KEY", "sk-marker-3");

    private static final String VALID = """
            listen: { host: 127.0.0.1, port: 4000 }
            admin_key: ${HOLDFAST_ADMIN_KEY:-}
            clients:
              - { name: team-a, key: ${TEAM_A_KEY}, models: [default], requests_per_minute: 600 }
            targets:
              gpt:    { provider: openai,    model: gpt-4o-mini,      api_key: ${OPENAI_API_KEY} }
              claude: { provider: anthropic, model: claude-haiku-4-5, api_key: ${ANTHROPIC_API_KEY} }
              local:  { provider: openai, base_url: http://127.0.0.1:11434/v1, model: llama3 }
              pretend: { provider: sim, model: ok }
            models:
              default: { targets: [[gpt, { target: claude, weight: 3 }], local], policy: standard }
              lonely: { targets: [pretend], policy: hasty }
            policies:
              standard: { deadline: 2m }
              hasty: { deadline: 10s, hedge: { enabled: true } }
            """;

    @TempDir
    Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("holdfast.yaml"), text);
    }

    private Ran check(String text, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("check", "--config", file(text).toString()));
        arguments.addAll(List.of(more));
        return Ran.with(AROUND, "", arguments.toArray(String[]::new));
    }

    @Test
    void aValidFileIsShownAsItWouldRun() throws Exception {
        Ran ran = check(VALID);

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines().toList())
                .contains(
                        "listen   127.0.0.1:4000",
                        "clients  team-a: models default, 600 requests per minute",
                        "model default (policy standard)",
                        "  1.  gpt: openai gpt-4o-mini (openai dialect, https://api.openai.com/v1, with a key), weight 1",
                        "      claude: anthropic claude-haiku-4-5 (anthropic dialect, https://api.anthropic.com/v1, with a"
                                + " key), weight 3",
                        "  2.  local: openai llama3 (openai dialect, http://127.0.0.1:11434/v1, no credential)",
                        "  1.  pretend: sim ok (openai dialect, the embedded simulator, no credential)",
                        "  deadline 2m (default none): the whole call, waits and retries included, ends by then");
        assertThat(ran.out()).doesNotContain("marker").doesNotContain("\u001B");
    }

    @Test
    void whatIsRarelyMeantIsAWarning() throws Exception {
        assertThat(check(VALID).out().lines().filter(line -> line.startsWith("warning")))
                .satisfiesExactly(
                        lonely -> assertThat(lonely).startsWith("warning models.lonely.targets: a single target"),
                        hasty -> assertThat(hasty).startsWith("warning policies.hasty.deadline: shorter than"),
                        hedge -> assertThat(hedge).startsWith("warning policies.hasty.hedge: ").contains("side effects"));
    }

    @Test
    void jsonSaysTheSame() throws Exception {
        JsonNode json = check(VALID, "--json").json();

        assertThat(json.propertyNames())
                .containsExactly(
                        "file",
                        "valid",
                        "listen",
                        "admin",
                        "observability",
                        "clients",
                        "targets",
                        "models",
                        "policies",
                        "warnings",
                        "errors");
        assertThat(json.path("valid").booleanValue()).isTrue();
        assertThat(json.at("/clients/0/name").stringValue()).isEqualTo("team-a");
        assertThat(json.at("/models/0/tiers/0/1/weight").doubleValue()).isEqualTo(3);
        assertThat(json.at("/targets/3/base_url").stringValue()).isEqualTo("the embedded simulator");
        assertThat(json.at("/policies/0/settings/0/key").stringValue()).isEqualTo("deadline");
        assertThat(json.path("warnings")).hasSize(3);
        assertThat(json.path("errors")).isEmpty();
        assertThat(json.toString()).doesNotContain("marker");
    }

    @Test
    void everyProblemIsALineOnStderr() throws Exception {
        Ran ran = check(VALID.replace("deadline: 2m", "deadlin: 2m").replace("claude-haiku-4-5", "${NO_SUCH}"));

        String file = directory.resolve("holdfast.yaml").toString();
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.errLines()).hasSize(2);
        assertThat(ran.errLines().get(0))
                .startsWith(file + ":7: targets.claude.model: the environment variable NO_SUCH is not set");
        assertThat(ran.errLines().get(1))
                .startsWith(file + ":14: policies.standard.deadlin: is not known here, did you mean 'deadline'?");
    }

    @Test
    void jsonOfProblemsHasTheirPlaces() throws Exception {
        Ran ran = check("targets: 3\n", "--json");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.json().path("valid").booleanValue()).isFalse();
        assertThat(ran.json().at("/errors/0/line").intValue()).isEqualTo(1);
        assertThat(ran.json().at("/errors/0/key").stringValue()).isEqualTo("targets");
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        Ran ran = Ran.holdfast("check", "--config", directory.resolve("none.yaml").toString());

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err().strip()).isEqualTo(directory.resolve("none.yaml") + ": there is no such file");
    }

    @Test
    void oneOfTheTwoFilesIsNeeded() {
        assertThat(Ran.holdfast("check").code()).isEqualTo(2);
        assertThat(Ran.holdfast("check", "--config", "a", "--from-litellm", "b").code()).isEqualTo(2);
    }

    @Test
    void aConvertedLiteLlmFilePassesTheCheck() throws Exception {
        Path litellm = Files.writeString(directory.resolve("litellm.yaml"), """
                model_list:
                  - model_name: gpt-4o
                    litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY }
                  - model_name: gpt-4o
                    litellm_params: { model: anthropic/claude-haiku-4-5, temperature: 0 }
                """);

        Ran ran = Ran.with(AROUND, "", "check", "--from-litellm", litellm.toString());

        assertThat(ran.code()).isZero();
        assertThat(ran.errLines()).singleElement().satisfies(note -> assertThat(note)
                .startsWith(litellm + ":5: model_list[1].litellm_params.temperature: has no equivalent here"));
        assertThat(check(ran.out()).code()).isZero();
    }

    @Test
    void aLiteLlmFileThatIsNoneIsRefused() throws Exception {
        Path file = file("model_list: [\n");

        Ran ran = Ran.holdfast("check", "--from-litellm", file.toString());

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith(file + ":1: is not YAML");
    }

    @Test
    void oneObjectIsOneLine() throws Exception {
        assertThat(new JsonMapper().readTree(check(VALID, "--json").out().strip().lines().toList().get(0)))
                .isNotNull();
    }
}
