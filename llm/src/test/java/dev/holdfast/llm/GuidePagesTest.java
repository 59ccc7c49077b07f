// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.AttemptReport;
import dev.holdfast.CallException;
import dev.holdfast.PageSnippets;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.llm.batch.Batch;
import dev.holdfast.llm.batch.BatchSummary;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code of the pages on streams, timeouts, failover and batches, run against a real server. */
@Timeout(120)
class GuidePagesTest {
    private final StringBuilder printed = new StringBuilder();
    private Simulator simulator;
    private String address;

    @TempDir
    Path temp;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
        address = simulator.baseUri().toString();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private Llm llm(String... targets) {
        return Llm.builder()
                .targets(targets)
                .baseUrl("sim", address)
                .resilience(ResilienceConfig.defaults())
                .build();
    }

    // streams.md

    @Test
    void readingAStream() {
        Llm llm = llm("sim/ok");

        try (EventStream stream = llm.blocking().stream("Hello")) {
            for (StreamEvent event : stream) {
                if (event instanceof StreamEvent.TextDelta delta) {
                    print(delta.text());
                } else if (event instanceof StreamEvent.Finish finish) {
                    print("\n" + finish.response().usage().outputTokens() + " tokens");
                } else if (event instanceof StreamEvent.Error error) {
                    print("\nfailed: " + error.failure().category() + ", after: " + error.textSoFar());
                }
            }
        }

        assertThat(printed.toString()).isEqualTo(Simulator.textOf("sim/ok") + "\n20 tokens");
    }

    @Test
    void goingOnAfterAnInterruption() {
        Llm llm = llm("sim/cut");

        LlmRequest request = LlmRequest.builder()
                .user("Hello")
                .streamRecovery(StreamRecovery.CONTINUE)
                .build();
        try (EventStream stream = llm.blocking().stream(request)) {
            for (StreamEvent event : stream) {
                if (event instanceof StreamEvent.Continued seam) {
                    print("[" + seam.interruption().category() + " after " + seam.at() + " characters]");
                } else if (event instanceof StreamEvent.TextDelta delta) {
                    print(delta.text());
                }
            }
        }

        assertThat(printed.toString()).contains("[stream_interrupted after ");
        assertThat(printed.toString().replaceAll("\\[.*]", "")).isEqualTo(Simulator.textOf("sim/cut"));
    }

    @Test
    void theWholeAnswerReadAsAStream() {
        Llm llm = llm("sim/cut", "sim/ok");

        LlmResponse whole = llm.completeStreamed(LlmRequest.of("Hello")).join();
        print(whole.text());

        assertThat(printed.toString()).isEqualTo(Simulator.textOf("sim/ok"));
    }

    // timeouts.md

    @Test
    void timeoutsOfAllCallsAndOfOne() {
        ResilienceConfig config = ResilienceConfig.defaults()
                .withDeadline(Duration.ofSeconds(30))
                .withTimeouts(TimeoutConfig.defaults()
                        .withFirstContent(Duration.ofSeconds(5))
                        .withIdle(Duration.ofSeconds(10)));
        Llm llm = Llm.builder()
                .targets("sim/hang", "sim/ok")
                .baseUrl("sim", address)
                .resilience(config)
                .build();

        LlmRequest request = LlmRequest.of("Hello")
                .withTimeouts(RequestTimeouts.CONFIGURED
                        .withDeadline(Duration.ofSeconds(5))
                        .withFirstContent(Duration.ofMillis(300)));
        LlmResponse response = llm.completeStreamed(request).join();
        print(response.report().attempts().size() + " attempts");

        assertThat(printed.toString()).isEqualTo("2 attempts");
    }

    // failover.md

    @Test
    void failingOver() {
        Llm llm = Llm.builder()
                .targets("sim/500", "sim-anthropic/529", "sim/ok") // failover order
                .baseUrl("sim", address)
                .baseUrl("sim-anthropic", address)
                .build();
        LlmResponse response = llm.blocking().complete("Hello");
        for (AttemptReport attempt : response.report().attempts()) {
            print(attempt.target().name() + ": " + attempt.outcome());
        }

        assertThat(printed.toString()).contains("sim/500: failure", "sim-anthropic/529: failure", "sim/ok: success");
    }

    @Test
    void nothingIsLeftToTry() {
        Llm llm = llm("sim/429,retry-after=3600", "sim/401");

        try {
            llm.blocking().complete("Hello");
        } catch (CallException e) {
            print(e.category() + ", come back in " + e.retryAfter());
            e.report().attempts().forEach(attempt -> print(attempt.target().name()));
        }

        assertThat(printed.toString()).contains("come back in ", "sim/429,retry-after=3600", "sim/401");
    }

    // batch.md

    @Test
    void aBatch() throws Exception {
        Path in = Files.writeString(temp.resolve("in.jsonl"), "{\"prompt\":\"Hello\"}\n{\"prompt\":7}\n");
        Path out = temp.resolve("out.jsonl");

        Llm llm = Llm.builder().targets("sim/ok").baseUrl("sim", address).build();
        BatchSummary summary = Batch.of(llm)
                .withConcurrency(20)
                .withProgress(now -> print(now.finished() + " finished"))
                .run(in, out);
        print(summary.ok() + " ok, " + summary.failed() + " failed");

        assertThat(printed.toString()).endsWith("1 ok, 1 failed");
    }

    private void print(String text) {
        synchronized (printed) {
            printed.append(text);
        }
    }

    @ParameterizedTest
    @CsvSource({"streams,3", "timeouts,2", "failover,2", "batch,1"})
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePageRunsHere(String page, int snippets) throws IOException {
        PageSnippets.assertRun(
                "docs/" + page + ".md", snippets, "llm/src/test/java/dev/holdfast/llm/GuidePagesTest.java");
    }
}
