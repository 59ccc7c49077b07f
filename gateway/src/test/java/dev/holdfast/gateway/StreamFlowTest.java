// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static dev.holdfast.gateway.RunningGateway.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keep-alive, clients that leave or read slowly, and many streams at once. Real time and sockets: they are the subject. */
@Timeout(90)
class StreamFlowTest {
    private static final String RETRY = "{ max_attempts: 2, backoff: { initial: 1ms, max: 10ms } }";

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void aLongWaitForTheFirstContentKeepsTheLineOpen(String path) {
        String yaml = "keep_alive: 100ms\n"
                + RunningGateway.yaml(RETRY, (path.equals(OPENAI) ? "" : "a:") + "ttft=700,tokens=3");

        try (RunningGateway running = RunningGateway.start(yaml)) {
            HttpResponse<String> response = running.post(path, RunningGateway.chat(path, true));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("x-holdfast-call-id")).isPresent();
            assertThat(response.headers().firstValue("x-holdfast-target")).isEmpty();
            assertThat(response.body().split(": keep-alive\n\n", -1)).hasSizeBetween(4, 9);
            assertThat(response.body()).startsWith(": keep-alive\n\n");
            assertThat(response.body()).contains(path.equals(OPENAI) ? "data: [DONE]" : "message_stop");
            String afterContent = response.body().substring(response.body().indexOf("data: "));
            assertThat(afterContent).doesNotContain("keep-alive");
        }
    }

    @Test
    void behindAKeepAliveTheEngineStillFailsOver() {
        String yaml = "keep_alive: 100ms\n" + RunningGateway.yaml(RETRY, "ttft=400,error-first", "a:tokens=3");

        try (RunningGateway running = RunningGateway.start(yaml)) {
            HttpResponse<String> response = running.post(OPENAI, RunningGateway.chat(OPENAI, true));

            assertThat(response.body()).startsWith(": keep-alive").endsWith("data: [DONE]\n\n");
            await("the record", () -> running.records.size() == 1);
            assertThat(running.records.get(0).target()).isEqualTo("t1");
            assertThat(running.records.get(0).outcome()).isEqualTo("success");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void behindAKeepAliveAFinalFailureIsATypedErrorWithoutAnEnd(String path) {
        String yaml = "keep_alive: 100ms\n" + RunningGateway.yaml(RETRY, "slow-headers=400,500");

        try (RunningGateway running = RunningGateway.start(yaml)) {
            HttpResponse<String> response = running.post(path, RunningGateway.chat(path, true));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).startsWith(": keep-alive");
            assertThat(response.body()).contains("\"code\":\"server_error\"");
            assertThat(response.body()).doesNotContain("[DONE]").doesNotContain("message_stop");
            await("the record", () -> running.records.size() == 1);
            assertThat(running.records.get(0).status()).isEqualTo(502);
        }
    }

    @ParameterizedTest
    @CsvSource({"stall, true", "hang, true", "hang, false", "slow-headers=60000, false"})
    void aClientThatLeavesEndsTheCallUpstreamAtOnce(String behaviour, boolean stream) throws Exception {
        try (RunningGateway running = RunningGateway.of(behaviour)) {
            byte[] body = RunningGateway.chat(OPENAI, stream).getBytes(StandardCharsets.UTF_8);
            try (Socket socket = new Socket(
                    running.gateway.uri().getHost(), running.gateway.uri().getPort())) {
                socket.getOutputStream()
                        .write(("POST " + OPENAI
                                        + " HTTP/1.1\r\n"
                                        + "host: localhost\r\n"
                                        + "content-type: application/json\r\n"
                                        + "content-length: "
                                        + body.length + "\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().write(body);
                await(
                        "the simulator to have it",
                        () -> running.simulator.stats().open() == 1);
            }
            long left = System.nanoTime();

            await("the simulator to see it", () -> running.simulator.stats().cancelled() == 1);

            // Well under a second on a machine that does other things besides; 100 ms on one that does not.
            assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofMillis(500));
            await("the record", () -> running.records.size() == 1);
            assertThat(running.records.get(0).status()).isEqualTo(499);
            assertThat(running.records.get(0).outcome()).isEqualTo("cancelled");
        }
    }

    @Test
    void aSlowReaderSlowsTheProviderDown() throws Exception {
        // What comes after the first content is no content, so that no limit of an answer's size ends it: 200 MiB.
        byte[][] pieces = new byte[3201][];
        Arrays.fill(
                pieces,
                ("event: ping\ndata: {\"type\":\"ping\",\"x\":\"" + "x".repeat(65_480) + "\"}\n\n").getBytes(UTF_8));
        pieces[0] = ("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                        + "{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n")
                .getBytes(UTF_8);
        try (ScriptedUpstream upstream = new ScriptedUpstream(200, "text/event-stream", pieces);
                RunningGateway running = RunningGateway.start("""
                    targets:
                      t: { provider: anthropic, base_url: "%s", model: up, api_key: our-key }
                    models:
                      m: { targets: [t] }
                    """.formatted(upstream.baseUrl()))) {
            try (InputStream body = running.open(ANTHROPIC, RunningGateway.chat(ANTHROPIC, true))
                    .body()) {
                body.read();

                // The sockets between hold some megabytes; without back-pressure all of it would come.
                assertThat(settled(upstream)).isLessThan(64 << 20);
            }
            await("the record", () -> running.records.size() == 1);
            assertThat(running.records.get(0).outcome()).isEqualTo("cancelled");
        }
    }

    /** The count when it has not grown for two seconds. */
    private static long settled(ScriptedUpstream upstream) {
        long[] seen = {-1, System.nanoTime()};
        await("the provider to be held up", () -> {
            long now = upstream.sent.get();
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > 2_000_000_000L;
        });
        return seen[0];
    }

    @Test
    void aThousandStreamsAtOnceAllComeWhole() throws IOException {
        String yaml = RunningGateway.yaml(RETRY, "tokens=10,rate=5", "a:tokens=10,rate=5")
                .replace("[t0, t1]", "[[t0, t1]]");
        try (RunningGateway running = RunningGateway.start(yaml)) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String path = i % 2 == 0 ? OPENAI : ANTHROPIC;
                all.add(running.client.sendAsync(
                        running.request(path, RunningGateway.chat(path, true))
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }

            for (int i = 0; i < 1000; i++) {
                HttpResponse<String> response = all.get(i).join();
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                assertThat(response.body()).contains(i % 2 == 0 ? "data: [DONE]" : "event: message_stop");
            }
            await("the records", () -> running.records.size() == 1000);
            assertThat(running.records)
                    .allSatisfy(record -> assertThat(record.outcome()).isEqualTo("success"));
            assertThat(Simulator.textOf("tokens=10")).isNotEmpty();
        }
    }
}
