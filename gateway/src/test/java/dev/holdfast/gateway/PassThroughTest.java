// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.internal.observe.CallRecord;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets: bytes are what is tested. */
@Timeout(60)
class PassThroughTest {
    private static final String ODD_CHAT = "{ \"id\":\"chatcmpl-1\",\"object\":\"chat.completion\","
            + " \"created\":1.0,\"model\":\"up\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Gr\\u00fc\\u00dfe"
            + " \u00fc\"},\"finish_reason\":\"stop\",\"unknown\":[1e2,{}]}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n";
    private static final String ODD_MESSAGE = "{\"id\":\"msg_1\", "
            + " \"type\":\"message\",\"role\":\"assistant\",\"model\":\"up\",\"content\":[{\"type\":\"text\",\"text\":\"Hi"
            + " \u00fc\"}],\"stop_reason\":\"end_turn\",\"new_field\":{\"a\":1.50},"
            + "\"usage\":{\"input_tokens\":7,\"output_tokens\":3}}";
    private static final String CHUNKS = ": hello\r\n\r\n"
            + "data:"
            + " {\"id\":\"c\",\"model\":\"up\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\r\n\r\n"
            + "data:{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\u00fc 1\"},\"odd\":1.0}]}\n\n"
            + ": a comment\n\n"
            + "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" 2\"}}]}\n\n"
            + "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
            + "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
            + "data: [DONE]\n\n";
    private static final String EVENTS = "event: message_start\n"
            + "data:"
            + " {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"up\",\"content\":[],\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n"
            + "event: content_block_start\n"
            + "data:"
            + " {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
            + "event: ping\n"
            + "data: {\"type\": \"ping\"}\n\n"
            + "event: content_block_delta\n"
            + "data:"
            + " {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Gr\u00fc\u00dfe\"}}\n\n"
            + "event: content_block_stop\n"
            + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
            + "event: message_delta\n"
            + "data:"
            + " {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n"
            + "event: message_stop\n"
            + "data: {\"type\":\"message_stop\"}\n\n";

    private static RunningGateway before(ScriptedUpstream upstream, String provider) {
        return RunningGateway.start("""
            targets:
              t: { provider: %s, base_url: "%s", model: up, api_key: our-key, headers: { x-team: blue } }
            models:
              m: { targets: [t] }
            """.formatted(provider, upstream.baseUrl()));
    }

    private static String provider(String path) {
        return path.equals(OPENAI) ? "openai" : "anthropic";
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void plainAnswersAndRequestsPassByteForByte(String path) {
        String answer = path.equals(OPENAI) ? ODD_CHAT : ODD_MESSAGE;
        String asked = "{ \"max_tokens\" : 1e2 ,\"model\":\"m\",\"odd\":[1.0,"
                + " \"\\u00fc\"],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

        try (ScriptedUpstream upstream = new ScriptedUpstream(200, "application/json; x=y", answer.getBytes(UTF_8));
                RunningGateway running = before(upstream, provider(path))) {
            HttpResponse<String> response = running.post(path, asked);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(answer);
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json; x=y");
            assertThat(response.headers().firstValue("x-holdfast-target")).hasValue("t");
            assertThat(response.headers().firstValue("x-holdfast-attempts")).hasValue("1");
            assertThat(response.headers().firstValue("x-holdfast-waited-ms")).hasValue("0");
            assertThat(response.headers().firstValue("x-holdfast-call-id"))
                    .hasValue(onlyRecord(running).callId());
            ScriptedUpstream.Received received = upstream.received.get(0);
            assertThat(received.body()).isEqualTo(asked.replace("\"m\"", "\"up\""));
            assertThat(received.path()).isEqualTo(path);
            assertThat(received.headers().getFirst("x-team")).isEqualTo("blue");
            assertThat(received.headers().getFirst(path.equals(OPENAI) ? "authorization" : "x-api-key"))
                    .endsWith("our-key");
            CallRecord record = running.records.get(0);
            assertThat(record.outcome()).isEqualTo("success");
            assertThat(record.inputTokens()).isEqualTo(7);
            assertThat(record.outputTokens()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void streamsPassByteForByteHoweverTheirBytesAreCut(String path) {
        byte[] stream = (path.equals(OPENAI) ? CHUNKS : EVENTS).getBytes(UTF_8);

        for (int size : new int[] {1, 7, 100, stream.length}) {
            byte[][] pieces = new byte[(stream.length + size - 1) / size][];
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = Arrays.copyOfRange(stream, i * size, Math.min(stream.length, (i + 1) * size));
            }
            try (ScriptedUpstream upstream = new ScriptedUpstream(200, "text/event-stream", pieces);
                    RunningGateway running = before(upstream, provider(path))) {
                HttpResponse<String> response = running.post(path, RunningGateway.chat(path, true));

                assertThat(response.body()).isEqualTo(new String(stream, UTF_8));
                assertThat(response.headers().firstValue("content-type").orElse(""))
                        .startsWith("text/event-stream");
                assertThat(response.headers().firstValue("x-holdfast-target")).hasValue("t");
                RunningGateway.await("the record", () -> !running.records.isEmpty());
                CallRecord record = running.records.get(0);
                assertThat(record.outputTokens()).isEqualTo(3);
                assertThat(record.firstContent()).isNotNull();
            }
        }
    }

    @Test
    void nothingFollowsTheEndOfAnAnswer() {
        byte[] stream = (CHUNKS
                        + "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"late\"}}]}\n\n")
                .getBytes(UTF_8);

        try (ScriptedUpstream upstream = new ScriptedUpstream(200, "text/event-stream", stream);
                RunningGateway running = before(upstream, "openai")) {
            HttpResponse<String> response = running.post(OPENAI, RunningGateway.chat(OPENAI, true));

            assertThat(response.body()).isEqualTo(CHUNKS);
        }
    }

    @Test
    void headersOfTheClientThatHelpGoAlongAndNoOthers() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(200, "application/json", ODD_MESSAGE.getBytes(UTF_8));
                RunningGateway running = before(upstream, "anthropic")) {
            running.client.send(
                    running.request(ANTHROPIC, RunningGateway.chat(ANTHROPIC, false))
                            .header("anthropic-version", "2099-01-01")
                            .header("Anthropic-Beta", "files")
                            .header("traceparent", "00-1-2-3")
                            .header("authorization", "Bearer client-key")
                            .header("x-api-key", "client-key")
                            .header("cookie", "a=b")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            var headers = upstream.received.get(0).headers();
            assertThat(headers.getFirst("anthropic-version")).isEqualTo("2099-01-01");
            assertThat(headers.getFirst("anthropic-beta")).isEqualTo("files");
            assertThat(headers.getFirst("traceparent")).isEqualTo("00-1-2-3");
            assertThat(headers.getFirst("x-api-key")).isEqualTo("our-key");
            assertThat(headers).doesNotContainKeys("Authorization", "Cookie");
        }
    }

    private static CallRecord onlyRecord(RunningGateway running) {
        RunningGateway.await("the record", () -> running.records.size() == 1);
        return running.records.get(0);
    }

    @Test
    void aCredentialIsPassedThroughOnlyWhereATargetIsSetToDoSo() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(200, "application/json", ODD_CHAT.getBytes(UTF_8));
                RunningGateway running = RunningGateway.start("""
                    targets:
                      t: { provider: openai, base_url: "%s", model: up, pass_through: true }
                    models:
                      m: { targets: [t] }
                    """.formatted(upstream.baseUrl()))) {
            running.client.send(
                    running.request(OPENAI, RunningGateway.chat(OPENAI, false))
                            .header("x-api-key", "clients-own")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(upstream.received.get(0).headers().getFirst("authorization"))
                    .isEqualTo("Bearer clients-own");
            assertThat(onlyRecord(running).toString()).doesNotContain("clients-own");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void aWholeAnswerToAStreamingRequestIsToldAsAStream(String path) {
        byte[] whole = (path.equals(OPENAI) ? ODD_CHAT : ODD_MESSAGE).getBytes(UTF_8);

        try (ScriptedUpstream upstream = new ScriptedUpstream(200, "application/json", whole);
                RunningGateway running = before(upstream, provider(path))) {
            HttpResponse<String> response = running.post(path, RunningGateway.chat(path, true));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
            assertThat(response.body()).contains("ü").contains(path.equals(OPENAI) ? "[DONE]" : "message_stop");
        }
    }

    @Test
    void anAnswerThatGivesAFinishReasonAndNoMarkerIsWholeAndGetsOne() {
        String unmarked = CHUNKS.replace("data: [DONE]\n\n", "");

        try (ScriptedUpstream upstream = new ScriptedUpstream(200, "text/event-stream", unmarked.getBytes(UTF_8));
                RunningGateway running = before(upstream, "openai")) {
            HttpResponse<String> response = running.post(OPENAI, RunningGateway.chat(OPENAI, true));

            assertThat(response.body()).isEqualTo(CHUNKS);
        }
    }

    @Test
    void embeddingsPassByteForByteAndGoWhereTheyCanBeMade() {
        try (RunningGateway running = RunningGateway.of("a:ok", "503", "ok")) {
            HttpResponse<String> response = running.post("/v1/embeddings", "{\"model\":\"m\",\"input\":[\"a\",\"b\"]}");

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.body()).contains("\"embedding\"");
            assertThat(response.headers().firstValue("x-holdfast-target")).hasValue("t2");
            assertThat(onlyRecord(running).operation()).isEqualTo("embeddings");
            assertThat(onlyRecord(running).inputTokens()).isPositive();
        }
    }

    @Test
    void modelsAreListed() throws Exception {
        try (RunningGateway running = RunningGateway.of("ok")) {
            HttpResponse<String> response = running.client.send(
                    java.net.http.HttpRequest.newBuilder(running.uri("/v1/models"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.body()).contains("\"object\":\"list\"").contains("\"id\":\"m\"");
        }
    }
}
