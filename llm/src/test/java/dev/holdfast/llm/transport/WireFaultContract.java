// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import static dev.holdfast.llm.transport.TransportFixture.STREAM_HEAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the socket to the verdict: what a call ends with when a server does what no server should. */
@Timeout(60)
public interface WireFaultContract {
    String DELTA =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "x".repeat(1000) + "\"}}]}\n\n";

    /** Open for each test, and closed after it. */
    TransportFixture fixture();

    @Test
    default void anAnswerAndAStreamCross() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            if (connection.readRequest().contains("\"stream\":true")) {
                connection.write(STREAM_HEAD);
                connection.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi.\"}}]}\n\n");
                connection.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
                connection.chunk("data: [DONE]\n\n");
                connection.write("0\r\n\r\n");
            } else {
                connection.write(answer(
                        "200 OK", "{\"choices\":[{\"message\":{\"content\":\"Hi.\"},\"finish_reason\":\"stop\"}]}"));
            }
        })) {
            for (boolean stream : new boolean[] {false, true}) {
                WireCall call = WireCall.start(fixture().transport, server.uri(""), stream);

                assertThat(call.response.get(10, TimeUnit.SECONDS).text()).isEqualTo("Hi.");
            }
        }
    }

    @Test
    default void aStatusErrorIsTypedForAnswersAndStreams() throws Exception {
        String retry = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nx-request-id: r-1\r\n"
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}";
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(retry);
        })) {
            for (boolean stream : new boolean[] {false, true}) {
                Failure failure = WireCall.start(fixture().transport, server.uri(""), stream)
                        .failure();

                assertThat(failure.category()).isEqualTo(Category.RATE_LIMIT);
                assertThat(failure.hint()).isEqualTo(Duration.ofSeconds(2));
            }
        }
    }

    @Test
    default void aCallThatNeverConnectedWasNotSent() throws Exception {
        Failure failure = WireCall.start(fixture().transport, URI.create("http://" + "a".repeat(64) + ".invalid"), false)
                .failure();

        assertThat(failure.category()).isEqualTo(Category.NETWORK);
        assertThat(failure.sent()).isFalse();
    }

    @Test
    default void aConnectionClosedBeforeAnAnswerMayHaveBeenSent() throws Exception {
        try (RawServer server = RawServer.start(RawServer.Connection::readRequest)) {
            Failure failure =
                    WireCall.start(fixture().transport, server.uri(""), true).failure();

            assertThat(failure.category()).isEqualTo(Category.NETWORK);
            assertThat(failure.sent()).isTrue();
        }
    }

    @Test
    default void aPageIsAServerErrorForAnswersAndStreams() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(answer("200 OK", "<html>It works!</html>"));
        })) {
            for (boolean stream : new boolean[] {false, true}) {
                Failure failure = WireCall.start(fixture().transport, server.uri(""), stream)
                        .failure();

                assertThat(failure.rule()).isEqualTo("response.unreadable");
                assertThat(failure.message()).contains("application/json").doesNotContain("works");
            }
        }
    }

    @Test
    default void garbageWithoutEndIsCutAtTheLimitWhateverItIs() throws Exception {
        assertEndless("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(8192), false, "response.too_large");
        assertEndless("HTTP/1.1 200 OK\r\n\r\n", "{\"a\":[".repeat(1000), true, "response.too_large");
        assertEndless("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(8192), true, "response.too_large");
        assertEndless("HTTP/1.1 200 OK\r\n\r\n", DELTA, true, "response.too_large");
        assertEndless("HTTP/1.1 500 Oops\r\n\r\n", "x".repeat(8192), false, "status.500");
        assertEndless("HTTP/1.1 500 Oops\r\n\r\n", "x".repeat(8192), true, "status.500");
    }

    @Test
    default void headersWithoutEndAreANetworkFailure() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 10_000; i++) {
                connection.write("X-Endless: " + "a".repeat(100) + "\r\n");
            }
        })) {
            Failure failure =
                    WireCall.start(fixture().transport, server.uri(""), false).failure();

            assertThat(failure.category()).isEqualTo(Category.NETWORK);
        }
    }

    @Test
    default void aCutStreamEndsWithTheTextSoFar() throws Exception {
        CompletableFuture<WireCall> running = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(STREAM_HEAD);
            connection.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n");
            while (running.join().events.isEmpty()) {
                Thread.onSpinWait(); // the cut must come after the text was seen
            }
        })) {
            WireCall call = WireCall.start(fixture().transport, server.uri(""), true);
            running.complete(call);

            assertThat(call.failure().category()).isEqualTo(Category.NETWORK);
            assertThat(call.events.get(call.events.size() - 1))
                    .hasToString("Error[network, exception.io, 2 chars so far]");
        }
    }

    private void assertEndless(String head, String block, boolean stream, String rule) throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        byte[] bytes = block.getBytes();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(head);
            try {
                while (written.get() < 150_000_000) {
                    connection.write(bytes);
                    written.addAndGet(bytes.length);
                }
                closed.complete(false);
            } catch (IOException e) {
                closed.complete(true);
            }
        })) {
            Failure failure =
                    WireCall.start(fixture().transport, server.uri(""), stream).failure();

            assertThat(failure.rule()).isEqualTo(rule);
            assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String answer(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body; // the server hangs up after each answer, so it says so
    }
}
