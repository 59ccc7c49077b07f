// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets on loopback, because closing and cutting them is what this is about. */
@Timeout(30)
class JdkTransportTest {
    private ExecutorService executor;
    private JdkTransport transport;
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void open() {
        executor = Executors.newFixedThreadPool(2, work -> {
            Thread thread = new Thread(work, "transport-test");
            thread.setDaemon(true);
            return thread;
        });
        transport = new JdkTransport(executor);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        transport.close();
        assertThat(transport.inFlight()).isZero();
        executor.shutdown();
        assertThat(executor.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAnswerArrivesInOrder() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            request.complete(connection.readRequest());
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-A: 1\r\nx-a: 2\r\n"
                    + "Content-Length: 2\r\n\r\n{}");
        })) {
            Exchange exchange = transport.send(post(server.uri("/v1/x"), "{\"a\":1}"), recorder);
            exchange.request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.text()).isEqualTo("{}");
            assertThat(recorder.signals).containsExactly("connected", "sent", "head 200", "bytes", "end");
            assertThat(recorder.head.join().headers().get("X-a")).containsExactly("1", "2");
            assertThat(request.join())
                    .startsWith("POST /v1/x HTTP/1.1\r\n")
                    .endsWith("{\"a\":1}")
                    .doesNotContainIgnoringCase("upgrade");
        }
    }

    @Test
    void aClosedTransportRefuses() {
        transport.close();

        assertThatThrownBy(() -> transport.send(post(URI.create("http://127.0.0.1:9/"), "{}"), recorder))
                .isInstanceOf(IllegalStateException.class);
    }

    static TransportRequest post(URI uri, String body) {
        return TransportRequest.post(
                uri,
                Map.of("content-type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(5));
    }
}
