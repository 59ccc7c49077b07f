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
import java.util.function.IntSupplier;

/** The transport that a contract is held against; closing it checks that nothing is left behind. */
public final class TransportFixture implements AutoCloseable {
    public static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

    /** Ends what the transport runs on, and checks it. */
    public interface End {
        void run() throws Exception;
    }

    final Transport transport;
    private final IntSupplier inFlight;
    private final End end;

    /** @param end runs after the transport was closed */
    public TransportFixture(Transport transport, IntSupplier inFlight, End end) {
        this.transport = transport;
        this.inFlight = inFlight;
        this.end = end;
    }

    /** The JDK's, on an executor of its own. */
    static TransportFixture jdk() {
        ExecutorService executor = Executors.newFixedThreadPool(2, work -> {
            Thread thread = new Thread(work, "transport-test");
            thread.setDaemon(true);
            return thread;
        });
        JdkTransport transport = new JdkTransport(executor);
        return new TransportFixture(transport, transport::inFlight, () -> {
            executor.shutdown();
            assertThat(executor.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        });
    }

    public Exchange post(URI uri, TransportListener listener) {
        return transport.send(request(uri, new byte[] {'{', '}'}), listener);
    }

    public static TransportRequest request(URI uri, String body) {
        return request(uri, body.getBytes(StandardCharsets.UTF_8));
    }

    static TransportRequest request(URI uri, byte[] body) {
        return TransportRequest.post(uri, Map.of("content-type", "application/json"), body, Duration.ofSeconds(5));
    }

    @Override
    public void close() throws Exception {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (inFlight.getAsInt() > 0 && System.nanoTime() < patience) {
            Thread.onSpinWait(); // a call can be over before the last bytes of its body have passed
        }
        assertThat(inFlight.getAsInt()).isZero();
        transport.close();
        end.run();
    }
}
