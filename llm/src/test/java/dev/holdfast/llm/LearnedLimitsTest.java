// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.Holdfast;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over a real socket, because what is shown is that headers of a response come to the pacer and usage to the report. */
class LearnedLimitsTest {
    private static final String ANSWER = """
            {"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",\
            "message":{"role":"assistant","content":"hello"}}],\
            "usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""";

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = ANSWER.getBytes(US_ASCII);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.getResponseHeaders().add("x-ratelimit-limit-requests", "120");
            exchange.getResponseHeaders().add("x-ratelimit-remaining-requests", "100");
            exchange.getResponseHeaders().add("x-ratelimit-reset-requests", "60s");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    @Timeout(120)
    void limitsThatAResponseStatesAreKeptToAndUsageIsInTheReport() throws Exception {
        HttpServer server = server();
        try (Holdfast engine = Holdfast.builder().build()) {
            Llm llm = Llm.builder()
                    .targets("openai/m")
                    .baseUrl("openai", "http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
                    .key("openai", Secret.of("k"))
                    .holdfast(engine)
                    .build();

            LlmResponse response = llm.complete("Hello").get(20, TimeUnit.SECONDS);

            assertThat(engine.targets().get(0).pacer().requestsPerMinute()).isBetween(119.0, 121.0);
            assertThat(response.report().attempts()).singleElement().satisfies(attempt -> {
                assertThat(attempt.inputTokens()).isEqualTo(7);
                assertThat(attempt.outputTokens()).isEqualTo(3);
            });
        } finally {
            server.stop(0);
        }
    }
}
