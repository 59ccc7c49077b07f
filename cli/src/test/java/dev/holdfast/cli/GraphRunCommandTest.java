// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code holdfast graph run}, as the command line is specified. Virtual time for all but one test. */
@Timeout(120)
class GraphRunCommandTest {
    private static final String GRAPH = """
        {"graph": {"id": "g", "goal_id": "goal", "entry_node": "fetch", "terminal_nodes": ["write"], %s
          "nodes": [
            {"id": "fetch", "name": "Fetch", "description": "d", "node_type": "function",
             "input_keys": ["topic"], "output_keys": ["page"]},
            {"id": "write", "name": "Write", "description": "d", "node_type": "llm_generate",
             "input_keys": ["page"], "output_keys": ["draft"], "system_prompt": "Write."}],
          "edges": [{"id": "e", "source": "fetch", "target": "write", "condition": "on_success"}]},
         "goal": {"id": "goal", "name": "n", "description": "d"}}
        """;

    @TempDir
    private Path directory;

    private Path graph(String more) throws IOException {
        return Files.writeString(directory.resolve("graph.json"), GRAPH.formatted(more));
    }

    private Path script(String json) throws IOException {
        return Files.writeString(directory.resolve("script.json"), json);
    }

    private Ran run(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("graph", "run"));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return Ran.holdfast(all.toArray(String[]::new));
    }

    private static JsonNode json(Ran ran) {
        return ran.json();
    }

    @Test
    void scriptAnswersNodesAndTheResultTellsAll() throws IOException {
        Path script = script("""
            {"nodes": {
              "fetch": [{"error": {"category": "timeout"}}, {"output": {"page": "text"}, "delay_ms": 50}],
              "write": [{"text": "{\\"draft\\": \\"done\\"}"}]}}
            """);

        Ran ran = run(graph(""), "--script", script, "--input", "{\"topic\": \"tides\"}", "--json");

        JsonNode json = json(ran);
        assertThat(ran.code()).isZero();
        assertThat(json.get("success").booleanValue()).isTrue();
        assertThat(json.get("stop_reason").stringValue()).isEqualTo("terminal");
        assertThat(json.get("run").stringValue()).isNotEmpty();
        assertThat(json.get("output").toString())
                .isEqualTo("{\"topic\":\"tides\",\"page\":\"text\",\"draft\":\"done\"}");
        assertThat(json.get("path").toString()).isEqualTo("[\"fetch\",\"write\"]");
        assertThat(json.get("quality").stringValue()).isEqualTo("degraded");
        assertThat(json.get("tokens").toString()).isEqualTo("{\"input\":0,\"output\":0}");
        assertThat(json.get("error").isNull()).isTrue();
        JsonNode first = json.get("attempts").get(0);
        assertThat(first.get("node").stringValue()).isEqualTo("fetch");
        assertThat(first.get("visit").intValue()).isEqualTo(1);
        assertThat(first.get("attempt").intValue()).isEqualTo(1);
        assertThat(first.get("outcome").stringValue()).isEqualTo("failure");
        assertThat(first.get("category").stringValue()).isEqualTo("timeout");
        JsonNode second = json.get("attempts").get(1);
        assertThat(second.get("outcome").stringValue()).isEqualTo("success");
        assertThat(second.get("category").isNull()).isTrue();
        assertThat(second.get("elapsed_ms").intValue()).isEqualTo(50);
        assertThat(json.get("attempts").size()).isEqualTo(3);
    }

    @Test
    void waitsPassInVirtualTime() throws IOException {
        Path script = script("{\"nodes\": {\"fetch\": [{\"output\": {\"page\": \"p\"}, \"delay_ms\": 86400000}]}}");

        Ran ran = run(graph(""), "--script", script, "--json");

        assertThat(json(ran).get("elapsed_ms").longValue()).isGreaterThanOrEqualTo(86_400_000);
    }

    /** Real time on purpose: that is what the option says. */
    @Test
    void waitsPassOutsideWhereThatIsAsked() throws IOException {
        Path script = script("{\"nodes\": {\"fetch\": [{\"output\": {\"page\": \"p\"}, \"delay_ms\": 120}]}}");
        long start = System.nanoTime();

        Ran ran = run(graph(""), "--script", script, "--json", "--real-time");

        assertThat(ran.code()).isZero();
        assertThat(System.nanoTime() - start).isGreaterThan(110_000_000L);
    }

    @Test
    void absentNodesAnswerWithValuesMadeFromTheirOutputKeys() throws IOException {
        Ran ran = run(graph(""), "--script", script("{\"nodes\": {}}"), "--json");

        JsonNode json = json(ran);
        assertThat(ran.code()).isZero();
        assertThat(json.get("output").has("page")).isTrue();
        assertThat(json.get("output").has("draft")).isTrue();
        assertThat(json.get("quality").stringValue()).isEqualTo("clean");
    }

    @Test
    void lastEntryRepeatsAndAFailedRunExitsWithOne() throws IOException {
        Ran ran = run(
                graph(""),
                "--script",
                script("{\"nodes\": {\"fetch\": [{\"error\": {\"category\": \"network\"}}]}}"),
                "--json");

        JsonNode json = json(ran);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(json.get("success").booleanValue()).isFalse();
        assertThat(json.get("stop_reason").stringValue()).isEqualTo("failed");
        assertThat(json.get("attempts").size()).isEqualTo(3);
        assertThat(json.get("error").get("node").stringValue()).isEqualTo("fetch");
        assertThat(json.get("error").get("category").stringValue()).isEqualTo("network");
        assertThat(json.get("error").get("message").stringValue()).contains("failed after 3 attempts");
        assertThat(ran.err()).contains("retry 2/3 fetch", "✗ fetch", "what to do:");
    }

    @Test
    void textThatIsNoObjectFailsANodeThatOwesKeys() throws IOException {
        Ran ran =
                run(graph(""), "--script", script("{\"nodes\": {\"write\": [{\"text\": \"just prose\"}]}}"), "--json");

        assertThat(json(ran).get("error").get("category").stringValue()).isEqualTo("invalid_output");
        assertThat(json(ran).get("error").get("message").stringValue()).contains("Cannot parse JSON");
    }

    @Test
    void pausedRunIsResumedByAnotherCommand() throws IOException {
        Path graph = graph("\"pause_nodes\": [\"fetch\"],");
        Path script = script("{\"nodes\": {\"fetch\": [{\"output\": {\"page\": \"p\"}}]}}");
        Path runs = directory.resolve("runs");

        Ran paused = run(graph, "--script", script, "--checkpoints", runs, "--json");
        String id = json(paused).get("run").stringValue();
        Ran resumed = run(
                graph,
                "--script",
                script,
                "--checkpoints",
                runs,
                "--resume",
                id,
                "--input",
                "{\"ok\": true}",
                "--json");

        assertThat(paused.code()).isZero();
        assertThat(json(paused).get("stop_reason").stringValue()).isEqualTo("paused");
        assertThat(json(paused).get("success").booleanValue()).isTrue();
        assertThat(paused.err()).contains("--resume " + id);
        assertThat(resumed.code()).isZero();
        assertThat(json(resumed).get("path").toString()).isEqualTo("[\"fetch\",\"write\"]");
        assertThat(json(resumed).get("output").get("ok").booleanValue()).isTrue();
    }

    @Test
    void scriptGoesOnWhereTheFirstProcessStopped() throws IOException {
        Path script = script(
                "{\"nodes\": {\"fetch\": [{\"error\": {\"category\": \"auth\"}}, {\"output\": {\"page\": \"p\"}}]}}");
        Path runs = directory.resolve("runs");

        Ran failed = run(graph(""), "--script", script, "--checkpoints", runs, "--json");
        String id = json(failed).get("run").stringValue();
        Ran resumed = run(graph(""), "--script", script, "--checkpoints", runs, "--resume", id, "--json");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(resumed.code()).isZero();
        assertThat(json(resumed).get("quality").stringValue()).isEqualTo("degraded");
        assertThat(json(resumed).get("path").toString()).isEqualTo("[\"fetch\",\"write\"]");
    }

    @Test
    void deadlineEndsTheRun() throws IOException {
        Path script = script("{\"nodes\": {\"write\": [{\"output\": {\"draft\": \"d\"}, \"delay_ms\": 60000}]}}");

        Ran ran = run(graph(""), "--script", script, "--deadline", "5s", "--json");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(json(ran).get("stop_reason").stringValue()).isEqualTo("deadline");
        assertThat(json(ran).get("error").get("category").stringValue()).isEqualTo("timeout");
        assertThat(json(ran).get("attempts").get(1).get("outcome").stringValue())
                .isEqualTo("cancelled");
    }

    @Test
    void usageFaultsExitWithTwoAndSayWhatToDo() throws IOException {
        Path graph = graph("");
        Path script = script("{\"nodes\": {\"ghost\": [{\"text\": \"boo\"}]}}");

        assertThat(run(directory.resolve("nothing.json")).code()).isEqualTo(2);
        assertThat(run(graph, "--input", "[1]").code()).isEqualTo(2);
        assertThat(run(graph, "--resume", "r").err()).contains("--checkpoints");
        assertThat(run(graph, "--script", script).err()).contains("no node ghost");
        Ran unknown = run(graph, "--script", script("{}"), "--checkpoints", directory, "--resume", "r1");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("no run r1");
        Ran category = run(graph, "--script", script("{\"nodes\": {\"fetch\": [{\"error\": {\"category\": \"x\"}}]}}"));
        assertThat(category.code()).isEqualTo(2);
        assertThat(category.err()).contains("server_error");
    }

    @Test
    void functionThatNobodyRegisteredFailsTheRunAtOnce() throws IOException {
        Ran ran = run(graph(""), "--json", "--model", "sim/ok");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(json(ran).get("error").get("message").stringValue()).contains("fetch", "not registered");
        assertThat(ran.err()).contains("--script").doesNotContain("failed, failed");
    }

    @Test
    void withoutJsonTheMemoryAloneIsOnStdout() throws IOException {
        Ran ran = run(graph(""), "--script", script("{}"), "--input", "{\"topic\": \"t\"}");

        assertThat(json(ran).has("draft")).isTrue();
        assertThat(json(ran).has("stop_reason")).isFalse();
        assertThat(ran.err()).contains("✓ fetch", "✓ write", "terminal, clean");
    }

    @Test
    void eventLoopTakesOneEntryPerTurn() throws IOException {
        Path graph = Files.writeString(directory.resolve("loop.json"), """
            {"graph": {"id": "g", "goal_id": "", "entry_node": "talk", "terminal_nodes": ["talk"],
              "nodes": [{"id": "talk", "name": "Talk", "description": "d", "node_type": "event_loop",
                "client_facing": true, "output_keys": ["topic", "depth"]}], "edges": []},
             "goal": {"id": "", "name": "", "description": ""}}
            """);
        Path script = script("""
            {"nodes": {"talk": [{"text": "What topic?"}, {"output": {"topic": "5"}},
                                {"error": {"category": "overloaded"}}, {"output": {"depth": 3}}]}}
            """);

        Ran ran = run(graph, "--script", script, "--json");

        assertThat(json(ran).get("output").toString()).isEqualTo("{\"topic\":\"5\",\"depth\":3}");
        assertThat(json(ran).get("attempts").size()).isEqualTo(2);
    }

    @Test
    void runsOnTheSameScriptAreKeptUnderTheirOwnNames() throws IOException {
        Path script = script("{}");
        Path runs = directory.resolve("runs");

        Ran first = run(graph(""), "--script", script, "--checkpoints", runs, "--json");
        Ran second = run(graph(""), "--script", script, "--checkpoints", runs, "--json");

        assertThat(first.code()).isZero();
        assertThat(second.code()).isZero();
        assertThat(json(first).get("run")).isNotEqualTo(json(second).get("run"));
    }
}
