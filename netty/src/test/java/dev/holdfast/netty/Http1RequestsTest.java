// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static dev.holdfast.netty.Fixtures.ANSWER;
import static dev.holdfast.netty.Fixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Await;
import dev.holdfast.llm.transport.RawServer;
import dev.holdfast.llm.transport.Recorder;
import dev.holdfast.llm.transport.TransportRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out, and what is refused before it does, over real sockets. */
@Timeout(30)
@ExtendWith(NoLeaks.class)
class Http1RequestsTest {
    private final NettyTransport transport = NettyTransport.create();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        Fixtures.assertEmpty(transport);
    }

    @Test
    void aLargeRequestArrivesWhole() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        String body = "0123456789abcdef".repeat(20_000);
        try (RawServer server = RawServer.start(connection -> {
            received.complete(connection.readRequest());
            connection.write(ANSWER);
            connection.readRequest();
            connection.write(ANSWER);
        })) {
            transport.send(request(server.uri("/"), body), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(received.join().endsWith("\r\n\r\n" + body)).isTrue();
            assertThat(recorder.signals).containsExactly("connected", "sent", "head 200", "bytes", "end");
            answered(transport, server);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerBeforeTheRequestWasReadIsHeardAndItsConnectionIsNotUsedAgain() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}");
            recorder.over.join();
        })) {
            byte[] large = new byte[30 << 20];
            transport
                    .send(TransportRequest.post(server.uri("/"), Map.of(), large, Duration.ofSeconds(5)), recorder)
                    .request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.signals).containsExactly("connected", "head 413", "bytes", "end");
            Await.until(() -> transport.openConnections() == 0);
        }
    }

    @Test
    void aConnectTimeoutOfCenturiesIsNoLimit() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(ANSWER);
        })) {
            transport
                    .send(
                            TransportRequest.post(
                                    server.uri("/"), Map.of(), new byte[0], Duration.ofSeconds(Long.MAX_VALUE)),
                            recorder)
                    .request(1);

            assertThat(recorder.failure()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Connection", "Transfer-Encoding", "upgrade", "bad name", "a:b"})
    void aHeaderThatIsNotTheCallersIsRefused(String name) {
        assertThatThrownBy(() -> transport.send(
                        new TransportRequest(
                                "POST",
                                URI.create("http://127.0.0.1:9/"),
                                Map.of(name, "x"),
                                new byte[0],
                                Duration.ofSeconds(1)),
                        recorder))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(transport.inFlight()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1/", "/relative", "http:opaque", "http:///nohost", "http://h:70000/"})
    void anAddressThatIsNotHttpIsRefused(String address) {
        assertThatThrownBy(() -> transport.send(request(URI.create(address), "{}"), recorder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHeaderCannotSmuggleALine() {
        assertThatThrownBy(() -> transport.send(
                        TransportRequest.post(
                                URI.create("http://127.0.0.1:9/"),
                                Map.of("x", "a\r\nInjected: b"),
                                new byte[0],
                                Duration.ofSeconds(1)),
                        recorder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void localhostAndQueriesArriveAsGiven() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            received.complete(connection.readRequest());
            connection.write(ANSWER);
        })) {
            URI uri = URI.create("http://LOCALHOST:" + server.uri("/").getPort() + "?a=%20b&c");
            transport.send(request(uri, "{}"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(received.join())
                    .startsWith("POST /?a=%20b&c HTTP/1.1\r\n")
                    .contains("\r\nhost: localhost:" + uri.getPort() + "\r\n");
        }
    }
}
