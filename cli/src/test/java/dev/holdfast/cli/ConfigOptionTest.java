// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code --config} of the commands that make calls, against a simulator over real sockets. */
@Timeout(90)
class ConfigOptionTest {
    private static final String CONFIG = """
            targets:
              bad: { provider: sim, model: "500" }
              good: { provider: sim, model: ok }
              also: { provider: sim-anthropic, model: tokens=3 }
              callers: { provider: sim, model: ok, pass_through: true }
            models:
              default: { targets: [bad, good] }
              balanced: { targets: [[good, { target: also, weight: 2 }]] }
              once: { targets: [bad, good], policy: once }
              theirs: { targets: [callers] }
            policies:
              once: { retry: { max_attempts: 1 } }
            """;

    @TempDir
    Path directory;

    private String config = "";

    @BeforeEach
    void write() throws IOException {
        config = Files.writeString(directory.resolve("holdfast.yaml"), CONFIG).toString();
    }

    private Ran chat(String... arguments) {
        List<String> all = new ArrayList<>(List.of("chat", "--config", config));
        all.addAll(List.of(arguments));
        all.add("Hello");
        return Ran.holdfast(all.toArray(String[]::new));
    }

    @Test
    void theFilesDefaultIsAskedWhereNoModelIsNamed() {
        Ran ran = chat();

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo(Simulator.textOf("ok") + System.lineSeparator());
        assertThat(ran.errLines()).containsExactly("failover bad → good (server_error 500)");
    }

    @Test
    void modelsAndTargetsOfTheFileHaveTheirNames() {
        assertThat(chat("--model", "good", "--json").json().path("target").stringValue())
                .isEqualTo("good");
        assertThat(chat("--model", "balanced", "--json").json().path("target").stringValue())
                .isIn("good", "also");
        assertThat(chat("--model", "bad", "--model", "default", "--json")
                        .json()
                        .path("target")
                        .stringValue())
                .isEqualTo("good");
    }

    @Test
    void othersAreStillNamedByProviderAndModel() {
        assertThat(chat("--model", "sim/tokens=2", "--json")
                        .json()
                        .path("target")
                        .stringValue())
                .isEqualTo("sim/tokens=2");
    }

    @Test
    void aModelHasItsPolicyAndFlagsBeatIt() {
        Ran once = chat("--model", "once");
        Ran twice = chat("--model", "once", "--attempts", "2");
        Ran less = chat("--attempts", "1");

        assertThat(once.code()).isEqualTo(1);
        assertThat(twice.code()).isZero();
        assertThat(less.code()).isEqualTo(1);
    }

    @Test
    void whatCannotBeUsedIsAUsageError() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.yaml"), "targets: 3\n");

        Ran unknown = chat("--model", "goood");
        Ran theirs = chat("--model", "theirs");
        Ran refused = Ran.holdfast("chat", "--config", broken.toString(), "--json", "Hello");

        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("no model and no target 'goood'").contains("balanced");
        assertThat(theirs.code()).isEqualTo(2);
        assertThat(theirs.err()).contains("callers").contains("api_key");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).startsWith(broken + ":1: targets: must be a mapping");
        assertThat(refused.json().at("/error/message").stringValue()).contains("must be a mapping");
    }

    @Test
    void linesOfABatchNameModelsOfTheFile() throws Exception {
        Path in = Files.writeString(directory.resolve("in.jsonl"), """
                {"id": "a", "prompt": "Hello"}
                {"id": "b", "prompt": "Hello", "model": "good"}
                {"id": "c", "prompt": "Hello", "model": "once"}
                {"id": "d", "prompt": "Hello", "model": "nobody"}
                """);
        Path out = directory.resolve("out.jsonl");

        Ran ran = Ran.holdfast("batch", in.toString(), "--out", out.toString(), "--config", config);

        assertThat(ran.code()).as(ran.err()).isEqualTo(1);
        List<JsonNode> lines = Files.readAllLines(out).stream()
                .map(line -> new JsonMapper().readTree(line))
                .toList();
        assertThat(lines.get(0).path("target").stringValue()).isEqualTo("good");
        assertThat(lines.get(1).path("target").stringValue()).isEqualTo("good");
        assertThat(lines.get(2).path("ok").booleanValue()).isFalse();
        assertThat(lines.get(2).at("/error/category").stringValue()).isEqualTo("server_error");
        assertThat(lines.get(3).path("ok").booleanValue()).isFalse();
        assertThat(lines.get(3).at("/error/message").stringValue()).contains("no target 'nobody'");
    }

    @Test
    void nodesOfAGraphAskModelsOfTheFile() throws Exception {
        Path graph = Files.writeString(directory.resolve("graph.json"), """
                {"graph": {"id": "g", "goal_id": "", "entry_node": "write", "terminal_nodes": ["write"],
                  "nodes": [{"id": "write", "name": "Write", "description": "d", "node_type": "llm_generate",
                    "input_keys": [], "output_keys": ["draft"], "system_prompt": "Write."}], "edges": []},
                 "goal": {"id": "", "name": "", "description": ""}}
                """);

        Ran usual = Ran.holdfast("graph", "run", graph.toString(), "--config", config, "--json");
        Ran once = Ran.holdfast("graph", "run", graph.toString(), "--config", config, "--model", "once", "--json");

        assertThat(usual.err()).contains("failover bad → good (server_error 500)");
        assertThat(once.code()).isEqualTo(1);
        assertThat(once.err()).doesNotContain("failover");
    }
}
