// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import static dev.holdfast.llm.transport.TransportFixture.STREAM_HEAD;
import static dev.holdfast.llm.transport.TransportFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport reports when servers and networks fail: real sockets, because mocks fail only as imagined. */
@Timeout(60)
public interface TransportFaultContract {
    /** Open for each test, and closed after it. */
    TransportFixture fixture();

    @Test
    default void aRefusedConnectionNeverConnected() throws Exception {
        Recorder recorder = new Recorder();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        fixture().post(URI.create("http://127.0.0.1:" + port + "/"), recorder);

        assertThat(recorder.failure()).isInstanceOf(ConnectException.class);
        assertThat(recorder.signals).containsExactly("failure");
    }

    @Test
    default void anUnknownHostNeverConnected() throws Exception {
        Recorder recorder = new Recorder();
        // a label longer than DNS allows: the resolver refuses it without asking anyone
        fixture().post(URI.create("http://" + "a".repeat(64) + ".invalid/"), recorder);

        assertThat(recorder.failure()).isInstanceOfAny(ConnectException.class, UnknownHostException.class);
        assertThat(recorder.signals).containsExactly("failure");
    }

    @Test
    default void aHostThatDoesNotAnswerIsAConnectTimeout() throws Exception {
        Recorder recorder = new Recorder();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> fillers = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) { // the queue holds one more than it was asked to
                    fillers.add(new Socket(full.getInetAddress(), full.getLocalPort()));
                }
                URI uri = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");
                fixture().transport.send(
                        TransportRequest.post(uri, Map.of(), new byte[] {'x'}, Duration.ofMillis(200)), recorder);

                assertThat(recorder.failure()).isInstanceOf(HttpConnectTimeoutException.class);
                assertThat(recorder.signals).containsExactly("failure");
            } finally {
                for (Socket filler : fillers) {
                    filler.close();
                }
            }
        }
    }

    @Test
    default void plainHttpOnAnHttpsAddressIsATlsError() throws Exception {
        Recorder recorder = new Recorder();
        try (RawServer server = RawServer.start(connection -> {
            connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            connection.awaitClose(new CompletableFuture<>());
        })) {
            URI uri = URI.create(server.uri("/").toString().replace("http:", "https:"));
            fixture().post(uri, recorder);

            assertThat(recorder.failure()).isInstanceOf(SSLException.class);
            assertThat(recorder.signals).containsExactly("failure");
        }
    }

    @Test
    default void aConnectionClosedBeforeAByteWasConnected() throws Exception {
        Recorder recorder = new Recorder();
        try (RawServer server = RawServer.start(RawServer.Connection::readRequest)) {
            fixture().post(server.uri("/"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertThat(recorder.signals).containsExactly("connected", "sent", "failure");
        }
    }

    @Test
    default void aResetBeforeTheHeadWasConnected() throws Exception {
        Recorder recorder = new Recorder();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.reset();
        })) {
            fixture().post(server.uri("/"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertThat(recorder.signals)
                    .startsWith("connected")
                    .endsWith("failure")
                    .doesNotContain("head 200");
        }
    }

    @Test
    default void aCutInTheBodyComesAfterWhatWasReceived() throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            Recorder each = new Recorder();
            try (RawServer server = RawServer.start(connection -> {
                connection.readRequest();
                connection.write(STREAM_HEAD);
                connection.chunk("data: a\n\n");
                each.firstBytes.join();
                if (reset) {
                    connection.reset();
                }
            })) {
                fixture().post(server.uri("/"), each).request(Long.MAX_VALUE);

                assertThat(each.failure()).as("reset %s", reset).isInstanceOf(IOException.class);
                assertThat(each.text()).isEqualTo("data: a\n\n");
                assertThat(each.signals).containsExactly("connected", "sent", "head 200", "bytes", "failure");
            }
        }
    }

    @Test
    default void fewerBytesThanDeclaredAreAFailure() throws Exception {
        Recorder recorder = new Recorder();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\":");
        })) {
            fixture().post(server.uri("/"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertThat(recorder.text()).isEqualTo("{\"a\":");
        }
    }

    @Test
    default void whatIsNotHttpIsAFailure() throws Exception {
        Recorder recorder = new Recorder();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("SSH-2.0-OpenSSH_9\r\n\r\n");
        })) {
            fixture().post(server.uri("/"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
        }
    }

    @Test
    default void endlessHeadersAreCutOff() throws Exception {
        Recorder recorder = new Recorder();
        AtomicLong written = new AtomicLong();
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n");
            byte[] header = ("X-Endless: " + "a".repeat(1000) + "\r\n").getBytes();
            writeUntilRefused(connection, header, written, stopped);
        })) {
            fixture().post(server.uri("/"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertSettlesBelow(30_000_000, written, stopped);
        }
    }

    @Test
    default void anEndlessHeaderLineIsCutOff() throws Exception {
        Recorder recorder = new Recorder();
        AtomicLong written = new AtomicLong();
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nX-Endless: ");
            writeUntilRefused(connection, "a".repeat(8192).getBytes(), written, stopped);
        })) {
            fixture().post(server.uri("/"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertSettlesBelow(30_000_000, written, stopped);
        }
    }

    @Test
    default void aHundredMegabytesOfGarbageCostNoMoreThanTheBound() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        CompletableFuture<Exchange> self = new CompletableFuture<>();
        BoundedBody body = new BoundedBody(1 << 20);
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            writeUntilRefused(connection, "x".repeat(64 << 10).getBytes(), written, stopped);
        })) {
            Exchange exchange = fixture().transport.send(request(server.uri("/"), "{}"), new TransportListener() {
                @Override
                public void onHead(ResponseHead head) {}

                @Override
                public void onBytes(ByteBuffer bytes) {
                    if (!body.add(bytes)) {
                        self.join().cancel();
                    }
                }

                @Override
                public void onEnd() {}

                @Override
                public void onFailure(Throwable error) {}
            });
            self.complete(exchange);
            exchange.request(Long.MAX_VALUE);

            assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(written.get()).isLessThan(30_000_000);
            assertThat(body.size()).isEqualTo(1 << 20);
        }
    }

    @Test
    default void exchangesCancelledAtAnyMomentLeaveNothingBehind() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        try (RawServer server = RawServer.start(connection -> {
            opened.incrementAndGet();
            try {
                connection.readRequest();
                connection.write(STREAM_HEAD);
                while (true) {
                    connection.chunk("data: a\n\n");
                }
            } finally {
                closed.incrementAndGet();
            }
        })) {
            for (int i = 0; i < 200; i++) {
                Recorder each = new Recorder();
                Exchange exchange = fixture().post(server.uri("/"), each);
                exchange.request(1 + random.nextInt(5));
                long spin = System.nanoTime() + random.nextInt(2_000_000);
                while (System.nanoTime() < spin) {
                    Thread.onSpinWait();
                }
                exchange.cancel();
                assertThat(each.over.isDone()).as("seed %d round %d", seed, i).isFalse();
            }
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            int stillOpen;
            do { // the server can notice a connection after its client has gone, so both counts are read in each round
                stillOpen = opened.get() - closed.get();
            } while (stillOpen > 0 && System.nanoTime() < patience);

            assertThat(stillOpen).as("seed %d", seed).isZero();
        }
    }

    /** The JDK's client stops reading but does not close such a connection, see {@link JdkTransport}. */
    private static void assertSettlesBelow(long limit, AtomicLong written, CompletableFuture<Boolean> stopped) {
        long settled = -1;
        while (settled != written.get()) { // real time: only the buffers of the connection decide
            settled = written.get();
            try {
                stopped.get(200, TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                // still open
            }
        }
        assertThat(settled).isLessThan(limit);
    }

    private static void writeUntilRefused(
            RawServer.Connection connection, byte[] block, AtomicLong written, CompletableFuture<Boolean> stopped)
            throws IOException {
        try {
            while (written.get() < 100_000_000) {
                connection.write(block);
                written.addAndGet(block.length);
            }
            stopped.complete(false);
        } catch (IOException e) {
            stopped.complete(true);
        }
    }
}
