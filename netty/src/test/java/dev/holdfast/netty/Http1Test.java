// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.RawServer;
import dev.holdfast.llm.transport.Recorder;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 beyond the contract of all transports, over real sockets: pools, loops, and what servers may send. */
@Timeout(30)
@ExtendWith(NoLeaks.class)
class Http1Test {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    private final NettyTransport transport = NettyTransport.create();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        Fixtures.assertEmpty(transport);
    }

    private Recorder answered(RawServer server) throws Exception {
        Recorder each = new Recorder();
        transport.send(request(server.uri("/"), "{}"), each).request(Long.MAX_VALUE);
        assertThat(each.failure()).isNull();
        return each;
    }

    private static void await(BooleanSupplier condition) {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean() && System.nanoTime() < patience) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void anExchangeSentOnALoopStaysThereWithItsConnection() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(3, NioIoHandler.newFactory());
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        try (RawServer server = RawServer.start(connection -> {
                    while (true) {
                        connection.readRequest();
                        connection.write(ANSWER);
                    }
                });
                NettyTransport shared = NettyTransport.on(group)) {
            EventLoop loop = group.next();
            for (int i = 0; i < 4; i++) {
                CompletableFuture<Void> over = new CompletableFuture<>();
                loop.execute(() -> shared.send(request(server.uri("/"), "{}"), new Noting(threads, over))
                        .request(Long.MAX_VALUE));
                over.get(10, TimeUnit.SECONDS);
            }

            assertThat(server.accepted()).isEqualTo(1);
            assertThat(threads).hasSize(1).allMatch(thread -> loop.inEventLoop(thread));
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aConnectionThatTheServerClosedWhileIdleIsNotUsedAgain() throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(ANSWER);
            awaited(leave);
        })) {
            answered(server);
            assertThat(transport.openConnections()).isEqualTo(1);
            leave.countDown();
            await(() -> transport.openConnections() == 0);

            answered(server);
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterItsTime() throws Exception {
        try (NettyTransport impatient =
                        NettyTransport.builder().idleTime(Duration.ofMillis(40)).build();
                RawServer server = RawServer.start(connection -> {
                    connection.readRequest();
                    connection.write(ANSWER);
                    connection.awaitClose(new CompletableFuture<>());
                })) {
            impatient.send(request(server.uri("/"), "{}"), recorder).request(Long.MAX_VALUE);
            assertThat(recorder.failure()).isNull();

            await(() -> impatient.openConnections() == 0);
        }
    }

    @Test
    void aConnectionThatClosesWhenARequestGoesOutFailsThatRequest() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(ANSWER);
            connection.readRequest();
        })) {
            answered(server);
            transport.send(request(server.uri("/"), "{}"), recorder).request(1);

            assertThat(recorder.failure()).isInstanceOf(IOException.class).hasMessageContaining("before response");
            assertThat(recorder.signals).containsExactly("connected", "sent", "failure");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void whatFollowsAnAnswerAnswersNothing() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(ANSWER + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
            connection.awaitClose(new CompletableFuture<>());
        })) {
            assertThat(answered(server).text()).isEqualTo("{}");
            assertThat(answered(server).text()).isEqualTo("{}");

            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void bytesThatComeWhileIdleCloseTheConnection() throws Exception {
        CountDownLatch talk = new CountDownLatch(1);
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(ANSWER);
            awaited(talk);
            connection.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
            connection.awaitClose(new CompletableFuture<>());
        })) {
            answered(server);
            talk.countDown();

            await(() -> transport.openConnections() == 0);
        }
    }

    @Test
    void interimResponsesAreSkipped() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ANSWER);
            connection.readRequest();
            connection.write(ANSWER);
        })) {
            assertThat(answered(server).signals).containsExactly("connected", "sent", "head 200", "bytes", "end");
            answered(server);

            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void anUpgradeThatNobodyAskedForIsAFailure() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
            connection.awaitClose(new CompletableFuture<>());
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aBodyWithoutLengthEndsWithItsConnection() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
        })) {
            assertThat(answered(server).text()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void aBodyWithoutLengthThatIsResetIsAFailure() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
            recorder.firstBytes.join();
            connection.reset();
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            assertThat(recorder.signals).endsWith("bytes", "failure");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
            })
    void aBodyThatStopsEarlyIsAFailureAfterWhatCame(String rest) throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\n" + rest);
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(EOFException.class);
            assertThat(recorder.text()).isEqualTo("abc");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
                "HTTP/1.1 twohundred OK\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
            })
    void whatHttpForbidsIsAFailure(String response) throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(response);
            connection.awaitClose(new CompletableFuture<>());
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isInstanceOf(IOException.class);
            await(() -> transport.openConnections() == 0);
        }
    }

    @Test
    void aHeadOfMoreThanItsBoundIsAFailureAndTheConnectionIsClosed() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nX: " + "a".repeat(33 << 10) + "\r\n\r\n");
            connection.awaitClose(seen);
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder);

            assertThat(recorder.failure()).isInstanceOf(IOException.class).hasMessageContaining("head is larger");
            assertThat(seen.get(5, TimeUnit.SECONDS)).isIn("closed", "reset");
        }
    }

    @Test
    void theAnswerToHeadHasNoBodyWhateverItsLengthSays() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            for (int i = 0; i < 2; i++) {
                connection.readRequest();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            }
        })) {
            for (int i = 0; i < 2; i++) {
                Recorder each = new Recorder();
                transport.send(
                        new TransportRequest("HEAD", server.uri("/"), Map.of(), new byte[0], Duration.ofSeconds(5)),
                        each);
                assertThat(each.failure()).isNull();
                assertThat(each.signals).containsExactly("connected", "head 200", "end");
            }

            assertThat(server.accepted()).isEqualTo(1);
        }
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
            answered(server);
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
            transport.send(
                            TransportRequest.post(server.uri("/"), Map.of(), large, Duration.ofSeconds(5)), recorder)
                    .request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.signals).containsExactly("connected", "head 413", "bytes", "end");
            await(() -> transport.openConnections() == 0);
        }
    }

    @Test
    void aClosedConnectionTellsEvenWhileNothingIsAsked() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        })) {
            transport.send(request(server.uri("/"), "{}"), recorder);

            assertThat(recorder.failure()).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void demandFromWithinASignalDoesNotNestSignals() throws Exception {
        CompletableFuture<Exchange> self = new CompletableFuture<>();
        CompletableFuture<Integer> over = new CompletableFuture<>();
        int pieces = 2_000;
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            StringBuilder all = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            all.append("1\r\nx\r\n".repeat(pieces)).append("0\r\n\r\n");
            connection.write(all.toString());
        })) {
            Exchange exchange = transport.send(request(server.uri("/"), "{}"), new TransportListener() {
                private int heard;
                private boolean hearing;

                @Override
                public void onHead(ResponseHead head) {
                    self.join().request(1);
                }

                @Override
                public void onBytes(ByteBuffer bytes) {
                    if (hearing) {
                        over.completeExceptionally(new AssertionError("nested"));
                    }
                    hearing = true;
                    heard += bytes.remaining();
                    self.join().request(1);
                    hearing = false;
                }

                @Override
                public void onEnd() {
                    over.complete(heard);
                }

                @Override
                public void onFailure(Throwable error) {
                    over.completeExceptionally(error);
                }
            });
            self.complete(exchange);

            assertThat(over.get(10, TimeUnit.SECONDS)).isEqualTo(pieces);
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
    @ValueSource(strings = {"ftp://127.0.0.1/", "/relative", "http:opaque", "http:///nohost"})
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

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Noting(Set<Thread> threads, CompletableFuture<Void> over) implements TransportListener {
        @Override
        public void onConnected() {
            threads.add(Thread.currentThread());
        }

        @Override
        public void onRequestSent() {
            threads.add(Thread.currentThread());
        }

        @Override
        public void onHead(ResponseHead head) {
            threads.add(Thread.currentThread());
        }

        @Override
        public void onBytes(ByteBuffer bytes) {
            threads.add(Thread.currentThread());
        }

        @Override
        public void onEnd() {
            threads.add(Thread.currentThread());
            over.complete(null);
        }

        @Override
        public void onFailure(Throwable error) {
            over.completeExceptionally(error);
        }
    }
}
