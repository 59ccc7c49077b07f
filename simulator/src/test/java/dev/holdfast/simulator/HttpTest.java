// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Wire.Speech;
import dev.holdfast.simulator.internal.wire.Json;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP itself: connections, limits, paths. */
@Timeout(120)
class HttpTest {
    private Wire wire;

    @BeforeEach
    void start() {
        wire = new Wire();
    }

    @AfterEach
    void stopsWithNothingOpen() {
        Wire.eventually(() -> wire.simulator.stats().open() == 0);
        wire.close();
    }

    private static String ok(String... headers) {
        return Wire.raw("/v1/chat/completions", Speech.OPENAI.body("ok", false), headers);
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() throws Exception {
        try (Socket socket = wire.socket()) {
            for (int i = 0; i < 3; i++) {
                Wire.write(socket, ok());
                assertThat(Wire.readUntil(socket, "\"fp_sim\"}")).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void aStreamLeavesItsConnectionUsable() throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, Wire.raw("/v1/messages", Speech.ANTHROPIC.body("ok", true)));
            Wire.readUntil(socket, "0\r\n\r\n");
            Wire.write(socket, ok("Connection: close"));

            assertThat(Wire.readAll(socket)).startsWith("HTTP/1.1 200").contains("connection: close");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Socket socket = wire.socket()) {
            StringBuilder all = new StringBuilder();
            for (int i = 1; i <= 40; i++) {
                all.append(Wire.raw(
                        "/v1/chat/completions",
                        Speech.OPENAI.body("ttft=" + (i % 3) * 10 + ",tokens=" + i, i % 2 == 0)));
            }
            all.append(Wire.raw("/v1/chat/completions", Speech.OPENAI.body("503", false), "Connection: close"));
            Wire.write(socket, all.toString());

            String[] answers = Wire.readAll(socket).split("HTTP/1.1 ");
            assertThat(answers).hasSize(42);
            for (int i = 1; i <= 40; i++) {
                assertThat(answers[i]).startsWith("200").contains(",tokens=" + i + "\"");
            }
            assertThat(answers[41]).startsWith("503");
        }
        assertThat(wire.simulator.stats().requests()).isEqualTo(41);
    }

    @Test
    void http10GetsAStreamWithoutChunksThatEndsWithTheConnection() throws Exception {
        try (Socket socket = wire.socket()) {
            String request = Wire.raw("/v1/chat/completions", Speech.OPENAI.body("ok", true), "Connection: keep-alive");
            Wire.write(socket, request.replace("HTTP/1.1", "HTTP/1.0"));
            String answer = Wire.readAll(socket);

            assertThat(answer).doesNotContain("transfer-encoding").contains("connection: close");
            assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                    .startsWith("data: {")
                    .endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void http10KeepsAliveWhereItAsksForIt() throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, ok("Connection: keep-alive").replace("HTTP/1.1", "HTTP/1.0"));
            assertThat(Wire.readUntil(socket, "\"fp_sim\"}")).contains("connection: keep-alive");
            Wire.write(socket, ok().replace("HTTP/1.1", "HTTP/1.0"));
            assertThat(Wire.readAll(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void expectContinueIsAnsweredBeforeTheBodyIsSent() throws Exception {
        try (Socket socket = wire.socket()) {
            String request = ok("Expect: 100-continue", "Connection: close");
            int body = request.indexOf("\r\n\r\n") + 4;
            Wire.write(socket, request.substring(0, body));
            assertThat(Wire.readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100");
            Wire.write(socket, request.substring(body));

            assertThat(Wire.readAll(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aBodyThatAnnouncesTooMuchIsRefusedUnread(Speech speech) throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(
                    socket,
                    "POST " + speech.path + " HTTP/1.1\r\nHost: sim\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 33554433\r\n\r\n");
            String answer = Wire.readAll(socket);

            assertThat(answer).startsWith("HTTP/1.1 413").doesNotContain("100 Continue");
            assertThat(speech.errorType(Json.read(answer.substring(answer.indexOf("\r\n\r\n")))))
                    .isEqualTo(speech == Speech.OPENAI ? "invalid_request_error" : "request_too_large");
        }
    }

    @Test
    void aChunkedBodyIsRefusedOnceItIsTooMuch() throws Exception {
        byte[] piece = "x".repeat(1 << 16).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        HttpRequest request = wire.request("/v1/chat/completions")
                .POST(HttpRequest.BodyPublishers.ofByteArrays(
                        () -> Stream.generate(() -> piece).limit(520).iterator()))
                .build();

        assertThat(wire.http.send(request, BodyHandlers.ofString()).statusCode())
                .isEqualTo(413);
    }

    @Test
    void headersBeyondTheLimitAreRefused() throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, ok("x-long: " + "a".repeat(70_000)));
            assertThat(Wire.readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 431");
        }
    }

    @Test
    void whatIsNotHttpIsRefused() throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, "what is this\r\n\r\n");
            assertThat(Wire.readAll(socket)).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void bodiesThatAreNoRequestAreToldWhatIsWrong() throws Exception {
        assertThat(wire.post("/v1/chat/completions", "{").body()).contains("not JSON");
        assertThat(wire.post("/v1/chat/completions", "").statusCode()).isEqualTo(400);
        assertThat(wire.post("/v1/chat/completions", "[]").body()).contains("JSON object");
        assertThat(wire.post("/v1/chat/completions", "{\"model\":5}").body()).contains("model: a string");
        assertThat(wire.post("/v1/chat/completions", "{\"model\":\"ok\"}").body())
                .contains("messages: a non-empty");
        assertThat(wire.post("/v1/messages", Speech.OPENAI.body("ok", false)).body())
                .contains("max_tokens");
        assertThat(wire.post("/v1/messages", Speech.ANTHROPIC.body("ok", false).replace("\"user\"", "\"tool\""))
                        .body())
                .contains("the role 'tool' is none of");
        assertThat(wire.post("/v1/chat/completions", "[".repeat(100_000)).statusCode())
                .isEqualTo(400);
        assertThat(wire.post("/v1/chat/completions", Speech.OPENAI.body("x".repeat(600), false))
                        .body())
                .contains("at most 512");
    }

    @Test
    void anUnknownPathIsA404ThatListsTheOthers() throws Exception {
        HttpResponse<String> answer = wire.get("/v2/chat");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("/v1/chat/completions");
        assertThat(wire.get("/v1/messages").statusCode()).isEqualTo(404);
        assertThat(wire.simulator.stats().requests()).isZero();
    }

    @Test
    void aQueryAfterThePathIsIgnored() throws Exception {
        assertThat(wire.post("/v1/messages?beta=true", Speech.ANTHROPIC.body("ok", false))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void closingTwiceAndWithRequestsInFlightIsFine() throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, Wire.raw("/v1/chat/completions", Speech.OPENAI.body("hang", false)));
            Wire.eventually(() -> wire.simulator.stats().open() == 1);

            wire.simulator.close();
            wire.simulator.close();

            assertThat(Wire.readAll(socket)).isEmpty();
            Wire.eventually(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().contains("holdfast-simulator")));
        }
    }

    @Test
    void aPortInUseIsSaid() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> Simulator.start(SimulatorOptions.defaults().withPort(wire.simulator.port()))))
                .isInstanceOf(java.io.IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + wire.simulator.port());
    }
}
