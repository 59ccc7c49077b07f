// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A transport on an executor of its own; closing it checks that nothing is left behind. */
final class TransportFixture implements AutoCloseable {
    static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

    final JdkTransport transport;
    private final ExecutorService executor;

    TransportFixture() {
        executor = Executors.newFixedThreadPool(2, work -> {
            Thread thread = new Thread(work, "transport-test");
            thread.setDaemon(true);
            return thread;
        });
        transport = new JdkTransport(executor);
    }

    Exchange post(URI uri, Recorder recorder) {
        return transport.send(request(uri, new byte[] {'{', '}'}), recorder);
    }

    static TransportRequest request(URI uri, String body) {
        return request(uri, body.getBytes(StandardCharsets.UTF_8));
    }

    static TransportRequest request(URI uri, byte[] body) {
        return TransportRequest.post(uri, Map.of("content-type", "application/json"), body, Duration.ofSeconds(20));
    }

    @Override
    public void close() throws InterruptedException {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (transport.inFlight() > 0 && System.nanoTime() < patience) {
            Thread.onSpinWait(); // a call can be over before the last bytes of its body have passed
        }
        assertThat(transport.inFlight()).isZero();
        transport.close();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
}
