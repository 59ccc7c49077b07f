// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.batch.BatchSummary;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.time.VirtualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract of {@code holdfast batch}, against a simulator over real sockets. */
@Timeout(120)
class BatchCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path temp;

    private Path in;
    private Path out;

    @BeforeEach
    void name() {
        in = temp.resolve("in.jsonl");
        out = temp.resolve("out.jsonl");
    }

    private Ran batch(Map<String, String> environment, String... arguments) {
        String[] all = new String[arguments.length + 4];
        all[0] = "batch";
        all[1] = in.toString();
        all[2] = "--out";
        all[3] = out.toString();
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        return Ran.with(environment, "", all);
    }

    private List<JsonNode> results() throws IOException {
        return Files.readAllLines(out).stream().map(JSON::readTree).toList();
    }

    @Test
    void eachLineIsAnsweredInOrderAndTheSummaryIsOnStderr() throws Exception {
        Files.writeString(in, """
            {"id":"a","prompt":"Hello","model":"sim/ttft=80"}
            {"id":"b","messages":[{"role":"user","content":"Hello"}]}
            {"prompt":"Hello","model":"sim-anthropic/tokens=3"}
            """);

        Ran ran = batch(Map.of(), "--model", "sim/ok");

        assertThat(ran).isEqualTo(new Ran(0, "", "3 lines: 3 ok, 0 failed; 0 retries" + System.lineSeparator()));
        assertThat(results()).extracting(line -> line.path("id").asString()).containsExactly("a", "b", "3");
        assertThat(results())
                .extracting(line -> line.path("text").asString())
                .containsExactly(Simulator.textOf("ttft=80"), Simulator.textOf("ok"), Simulator.textOf("tokens=3"));
        assertThat(results())
                .extracting(line -> line.path("target").asString())
                .containsExactly("sim/ttft=80", "sim/ok", "sim-anthropic/tokens=3");
        assertThat(results().get(0).propertyNames())
                .contains("id", "ok", "text", "finish_reason", "usage", "target", "attempts");
    }

    @Test
    void errorLinesMakeTheWorkFailAndCanBeRepeated() throws Exception {
        Files.writeString(in, """
            {"id":"a","prompt":"Hello"}
            {"id":"b","prompt":"Hello","model":"sim/400"}
            {"id":"c","prompt":"Hello","model":"sim/fail=1"}
            """);
        try (Simulator simulator = Simulator.start(SimulatorOptions.defaults())) {
            Map<String, String> environment =
                    Map.of("SIM_BASE_URL", simulator.baseUri().toString());

            Ran first = batch(environment, "--attempts", "1", "--model", "sim/ok");
            Ran second = batch(environment, "--attempts", "1", "--model", "sim/ok", "--retry-failed");

            assertThat(first.code()).isEqualTo(1);
            assertThat(first.errLines())
                    .contains("3 lines: 1 ok, 2 failed (invalid_request 1, server_error 1); 0 retries")
                    .anyMatch(line -> line.startsWith("what to do: ") && line.contains("--retry-failed"));
            assertThat(second.code()).isEqualTo(1);
            assertThat(second.errLines())
                    .contains(
                            "3 lines: 2 ok, 1 failed (invalid_request 1); 0 retries",
                            "1 line was finished by an earlier run");
            assertThat(simulator.stats().byModel()).isEqualTo(Map.of("ok", 1L, "400", 2L, "fail=1", 2L));
        }
        assertThat(results()).extracting(line -> line.path("ok").booleanValue()).containsExactly(true, false, true);
        assertThat(results().get(1).path("line").asInt()).isEqualTo(2);
        assertThat(results().get(1).path("error").propertyNames())
                .containsExactly("category", "retry", "retry_after_ms", "message");
    }

    @Test
    void theOptionsAboutPatienceHold() throws Exception {
        Files.writeString(in, """
            {"id":"first content","prompt":"Hello","model":"sim/ttft=60000"}
            {"id":"idle","prompt":"Hello","model":"sim/stall"}
            """);

        Ran ran = batch(Map.of(), "--first-content", "200ms", "--idle", "200ms", "--attempts", "1");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(results())
                .extracting(line -> line.at("/error/category").asString())
                .containsExactly("timeout", "timeout");
    }

    @Test
    void severalModelsAreFailoverOrder() throws Exception {
        Files.writeString(in, "{\"prompt\":\"Hello\"}\n");

        Ran ran = batch(Map.of(), "--model", "sim/500", "--model", "sim/ok");

        assertThat(ran.code()).isZero();
        assertThat(results().get(0).path("attempts")).hasSize(2);
        assertThat(results().get(0).path("target").asString()).isEqualTo("sim/ok");
    }

    @Test
    void aModelThatDoesNotExistIsAnErrorLineThatSaysWhatToDo() throws Exception {
        Files.writeString(
                in, "{\"prompt\":\"Hello\",\"model\":\"opnai/gpt\"}\n{\"prompt\":\"Hello\",\"model\":\"gpt\"}\n");

        Ran ran = batch(Map.of(), "--model", "sim/ok");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(results().get(0).at("/error/message").asString()).contains("did you mean 'openai'");
        assertThat(results().get(1).at("/error/message").asString()).contains("provider/model");
    }

    @Test
    void whatCannotStartIsAUsageError() throws Exception {
        Files.writeString(in, "{\"prompt\":\"Hello\"}\n");

        assertUsage(batch(Map.of(), "--concurrency", "0"), "--concurrency must be at least 1");
        assertUsage(batch(Map.of(), "--model", "opnai/gpt"), "did you mean 'openai'");
        assertUsage(batch(Map.of(), "--attempts", "0"), "--attempts must be at least 1");
        assertUsage(Ran.holdfast("batch", in.toString()), "--out");
        assertUsage(Ran.holdfast("batch", temp.resolve("no").toString(), "--out", out.toString()), "cannot read");
        assertUsage(Ran.holdfast("batch", in.toString(), "--out", in.toString()), "overwrite its input");
        assertThat(in).hasContent("{\"prompt\":\"Hello\"}");
    }

    private static void assertUsage(Ran ran, String words) {
        assertThat(ran.code()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(words);
    }

    @Test
    void theProgressBarTellsRateAndTimeLeft() {
        BatchSummary now = new BatchSummary(120, 20, Map.of("timeout", 2L), 0, 0, 10);

        assertThat(ProgressBar.text(now, 400, Duration.ofSeconds(8).toNanos()))
                .isEqualTo("[#########---------------------] 120/400 30%  12.5/s  23.0 s left  2 failed");
        assertThat(ProgressBar.text(new BatchSummary(0, 0, Map.of(), 0, 0, 10), 0, 0))
                .isEqualTo("[##############################] 0/0 100%  0.0/s");
    }

    @Test
    void theProgressBarIsDrawnOnATerminalAloneAndNotTooOften() {
        StringWriter terminal = new StringWriter();
        StringWriter file = new StringWriter();
        VirtualTime time = new VirtualTime(1);
        ProgressBar bar = new ProgressBar(new PrintWriter(terminal), true, 100, time);
        ProgressBar none = new ProgressBar(new PrintWriter(file), false, 100, time);

        for (int i = 1; i <= 10; i++) {
            BatchSummary now = new BatchSummary(i, 0, Map.of(), 0, 0, 1);
            bar.show(now);
            none.show(now);
            time.advance(Duration.ofMillis(20));
        }
        bar.close();
        none.close();

        assertThat(terminal.toString().chars().filter(c -> c == '[')).hasSize(2);
        assertThat(terminal.toString()).endsWith(" \r");
        assertThat(file.toString()).isEmpty();
    }
}
