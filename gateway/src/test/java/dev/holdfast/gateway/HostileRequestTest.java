// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies made to hurt, over real sockets: their senders are told so in their dialect, and nobody else notices. */
@Timeout(60)
class HostileRequestTest {
    private static final int MEBIBYTE = 1 << 20;

    static Stream<Arguments> bodies() {
        byte[] deep = message("[".repeat(100_000) + "]".repeat(100_000));
        byte[] open = message("{\"a\":".repeat(100_000));
        byte[] noUtf8 = message("\"\u0001\"");
        for (int i = 0; i < noUtf8.length; i++) {
            noUtf8[i] = noUtf8[i] == 1 ? (byte) 0xff : noUtf8[i];
        }
        byte[] overlong = message("\"\u0001\u0002\"");
        for (int i = 0; i < overlong.length; i++) {
            overlong[i] = overlong[i] == 1 ? (byte) 0xc0 : overlong[i] == 2 ? (byte) 0xaf : overlong[i];
        }
        byte[] huge = message("\"" + "x".repeat(3 * MEBIBYTE) + "\"");
        return Stream.of(OPENAI, ANTHROPIC)
                .flatMap(path -> Stream.of(
                        Arguments.of(path, "deep", deep, 400),
                        Arguments.of(path, "deep and open", open, 400),
                        Arguments.of(path, "no UTF-8", noUtf8, 400),
                        Arguments.of(path, "overlong UTF-8", overlong, 400),
                        Arguments.of(path, "huge", huge, 413)));
    }

    private static byte[] message(String content) {
        return ("{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("bodies")
    void hostileBodiesAreRefusedAndOthersUnharmed(String path, String what, byte[] body, int status) throws Exception {
        String yaml = "limits: { body: 1MiB }\n" + RunningGateway.yaml("{ max_attempts: 1 }", "tokens=40,rate=40");

        try (RunningGateway running = RunningGateway.start(yaml);
                InputStream other =
                        running.open(path, RunningGateway.chat(path, true)).body()) {
            int first = other.read();

            for (int i = 0; i < 5; i++) {
                HttpResponse<String> response = send(running, path, body);

                assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
                assertThat(Ending.of(path, status, response.body()).kind()).isEqualTo(Ending.Kind.STATUS);
                assertThat(Ending.of(path, status, response.body()).code())
                        .isEqualTo(status == 413 ? "request_too_large" : "invalid_request");
            }

            String rest = (char) first + new String(other.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Ending.of(path, 200, rest).kind()).isEqualTo(Ending.Kind.WHOLE);
            assertThat(running.simulator.stats().requests()).isEqualTo(1);
        }
    }

    private static HttpResponse<String> send(RunningGateway running, String path, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(running.uri(path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return running.client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
