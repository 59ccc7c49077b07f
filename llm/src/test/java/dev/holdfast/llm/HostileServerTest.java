// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallException;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.transport.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that answer with what is no answer, and set-ups that cannot work: a typed error, bounded, without the key. */
@Timeout(180)
class HostileServerTest {
    private static final String KEY = "sk-marker-0123456789abcdef";
    private static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    private static final String DELTA = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi.\"}}]}\n\n";
    private static final String END =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded();
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    private Llm llm(String baseUrl) {
        return guarded.builder()
                .targets("openai/gpt")
                .baseUrl("openai", baseUrl)
                .key("openai", Secret.of(KEY))
                .build();
    }

    /** How the call ends, asked plainly or as a stream; nothing that is told of it shows the key. */
    private Failure failure(String baseUrl, boolean streamed) throws Exception {
        Failure failure;
        if (streamed) {
            StreamEvent.Error error = Reading.all(llm(baseUrl).stream("Hello")).error();
            assertThat(error.toString()).doesNotContain(KEY);
            failure = error.failure();
        } else {
            failure = llm(baseUrl)
                    .complete("Hello")
                    .handle((response, error) -> ((CallException) error).failure())
                    .get(30, TimeUnit.SECONDS);
        }
        StringBuilder told = new StringBuilder(failure.toString());
        for (Throwable cause = failure.cause(); cause != null; cause = cause.getCause()) {
            told.append(cause);
        }
        assertThat(told).doesNotContain(KEY);
        assertThat(guarded.events.toString()).doesNotContain(KEY);
        return failure;
    }

    private static String answer(String type, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html | <html><body>Welcome to nginx!</body></html> | server_error",
                "application/json | {\"error\":{\"message\":\"made up\",\"type\":\"server_error\"}} | server_error",
                "application/json | {\"error\":{\"message\":\"bad\",\"code\":\"invalid_api_key\"}} | auth",
                "text/plain | hello there | server_error",
                "application/json | [1,2,3] | empty_response",
                "application/json | {} | empty_response",
                "application/json | '' | empty_response"
            })
    void aSuccessThatIsNoneIsTyped(String type, String body, String category) throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(answer(type, body));
        })) {
            for (boolean streamed : new boolean[] {false, true}) {
                Failure failure = failure(server.uri("/v1").toString(), streamed);

                assertThat(failure.category().word())
                        .as("%s %s", streamed, failure)
                        .isEqualTo(category);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jsonTooDeepToReadIsNoAnswerAndHarmsNobody(boolean streamed) throws Exception {
        String deep = "{\"choices\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(answer("application/json", deep));
        })) {
            assertThat(failure(server.uri("/v1").toString(), streamed).category())
                    .isEqualTo(Category.SERVER_ERROR);
        }
    }

    @ParameterizedTest
    @CsvSource({"false,application/json,{\"x\":\"", "true,text/event-stream,data: ", "true,application/json,{\"x\":\""})
    void hundredMegabytesOfGarbageAreNotKept(boolean streamed, String type, String begin) throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] piece = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
        try (Guarded own = new Guarded(config -> config.withMaxAttempts(1));
                RawServer server = RawServer.start(connection -> {
                    connection.readRequest();
                    connection.write(
                            "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n" + begin);
                    while (written.get() < 100 << 20) {
                        connection.write(piece);
                        written.addAndGet(piece.length);
                    }
                })) {
            Llm llm = own.builder()
                    .targets("vllm/m")
                    .baseUrl("vllm", server.uri("/v1").toString())
                    .build();

            Category category = streamed
                    ? Reading.all(llm.stream("Hello")).error().failure().category()
                    : llm.complete("Hello")
                            .handle((response, error) -> ((CallException) error).category())
                            .get(30, TimeUnit.SECONDS);

            assertThat(category).isEqualTo(Category.SERVER_ERROR);
            assertThat(written.get()).as("cut off long before the end").isLessThan(90 << 20);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endlessHeadersAreRefused(boolean streamed) throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 100_000; i++) {
                connection.write("X-Filler-" + i + ": " + "y".repeat(1000) + "\r\n");
            }
        })) {
            assertThat(failure(server.uri("/v1").toString(), streamed).category())
                    .isIn(Category.NETWORK, Category.SERVER_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectionRefusedWasNotSent(boolean streamed) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        Failure failure = failure("http://127.0.0.1:" + port, streamed);

        assertThat(failure.category()).isEqualTo(Category.NETWORK);
        assertThat(failure.sent()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerWithoutTlsIsANetworkFailure(boolean streamed) throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.socket().getInputStream().read();
            connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        })) {
            String url = server.uri("/v1").toString().replace("http://", "https://");

            assertThat(failure(url, streamed).category()).isEqualTo(Category.NETWORK);
        }
    }

    @Test
    void whatCannotBeSetUpNamesTheNextStep() {
        assertSetUp("opnai/gpt", "did you mean 'openai'");
        assertSetUp("gpt-4o", "provider/model");
        assertSetUp("openai/gpt", "set OPENAI_API_KEY");
        assertSetUp("azure-openai/gpt", "AZURE_OPENAI");
        assertThatThrownBy(() -> guarded.builder()
                        .targets("vllm/m")
                        .baseUrl("vllm", "localhost:8000")
                        .build())
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining("http");
        assertThatThrownBy(() -> guarded.builder().targets("sim/ok", "sim/ok").build())
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining("twice");
    }

    private void assertSetUp(String target, String step) {
        assertThatThrownBy(() ->
                        Llm.builder().environment(name -> null).targets(target).build())
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining(step);
    }

    // The end of a stream on the wire.

    @Test
    void aServerThatKeepsTheConnectionOpenAfterTheEndHoldsUpNobody() throws Exception {
        AtomicBoolean left = new AtomicBoolean();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD + DELTA + END);
            left.set(connection.socket().getInputStream().read() < 0);
        })) {
            Reading reading = Reading.all(llm(server.uri("/v1").toString()).stream("Hello"));

            assertThat(reading.endsWithin(900))
                    .as("the end does not wait for the connection")
                    .isTrue();
            assertThat(reading.response().text()).isEqualTo("Hi.");
            Guarded.await("the connection is cut", left::get);
        }
    }

    @Test
    void aServerThatSendsOnAfterTheEndIsCutOff() throws Exception {
        AtomicBoolean left = new AtomicBoolean();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD + DELTA + END);
            try {
                for (int i = 0; i < 100_000; i++) {
                    connection.write(DELTA.repeat(100));
                }
            } catch (IOException e) {
                left.set(true);
            }
        })) {
            Reading reading = Reading.all(llm(server.uri("/v1").toString()).stream("Hello"));

            assertThat(reading.response().text()).isEqualTo("Hi.");
            Guarded.await("the connection is cut", left::get);
        }
    }

    @Test
    void aConnectionIsUsedAgainAfterAStreamThatEndedWell() throws Exception {
        String body = DELTA + END;
        String chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        try (RawServer server = RawServer.start(connection -> {
            while (true) {
                connection.readRequest();
                connection.write(chunked);
            }
        })) {
            Llm llm = llm(server.uri("/v1").toString());
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(Reading.all(llm.stream("Hello")).response().text());
                guarded.assertNothingIsLeft();
            }

            assertThat(answers).hasSize(10).containsOnly("Hi.");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHeadWithoutABodyIsAnEmptyResponse(boolean streamed) throws Exception {
        for (String head : List.of("200 OK\r\nContent-Length: 0", "204 No Content")) {
            try (RawServer server = RawServer.start(connection -> {
                connection.readRequest();
                connection.write("HTTP/1.1 " + head + "\r\nConnection: close\r\n\r\n");
            })) {
                assertThat(failure(server.uri("/v1").toString(), streamed).category())
                        .as(head)
                        .isEqualTo(Category.EMPTY_RESPONSE);
            }
        }
    }

    @Test
    void commentsFeedIdleButAreNoContent() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD);
            while (true) {
                connection.write(": still thinking\n\n");
                connection.socket().setSoTimeout(20);
                try {
                    connection.socket().getInputStream().read();
                    return;
                } catch (SocketTimeoutException e) {
                    continue;
                }
            }
        })) {
            RequestTimeouts timeouts = RequestTimeouts.CONFIGURED
                    .withIdle(Duration.ofMillis(300))
                    .withFirstContent(Duration.ofMillis(700));

            StreamEvent.Error error = Reading.all(llm(server.uri("/v1").toString()).stream(
                            LlmRequest.of("Hello").withTimeouts(timeouts)))
                    .error();

            assertThat(error.failure().message()).isEqualTo("no content within 700 ms");
        }
    }
}
