// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static dev.holdfast.netty.Fixtures.ANSWER;
import static dev.holdfast.netty.Fixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Await;
import dev.holdfast.llm.transport.RawServer;
import dev.holdfast.llm.transport.Recorder;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.TransportListener;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP/1.1 beyond the contract of all transports, over real sockets: pools and loops. */
@Timeout(30)
@ExtendWith(NoLeaks.class)
class Http1Test {
    private final NettyTransport transport = NettyTransport.create();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        Fixtures.assertEmpty(transport);
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
            answered(transport, server);
            assertThat(transport.openConnections()).isEqualTo(1);
            leave.countDown();
            Await.until(() -> transport.openConnections() == 0);

            answered(transport, server);
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

            Await.until(() -> impatient.openConnections() == 0);
        }
    }

    @Test
    void aConnectionThatClosesWhenARequestGoesOutFailsThatRequest() throws Exception {
        try (RawServer server = RawServer.start(connection -> {
            connection.readRequest();
            connection.write(ANSWER);
            connection.readRequest();
        })) {
            answered(transport, server);
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
            assertThat(answered(transport, server).text()).isEqualTo("{}");
            assertThat(answered(transport, server).text()).isEqualTo("{}");

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
            answered(transport, server);
            talk.countDown();

            Await.until(() -> transport.openConnections() == 0);
        }
    }

    @Test
    void aListenerThatThrowsAtItsEndDoesNotCostTheConnection() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        try (RawServer server = RawServer.start(connection -> {
            for (int i = 0; i < 2; i++) {
                connection.readRequest();
                connection.write(ANSWER);
            }
        })) {
            transport
                    .send(request(server.uri("/"), "{}"), new TransportListener() {
                        @Override
                        public void onHead(ResponseHead head) {}

                        @Override
                        public void onBytes(ByteBuffer bytes) {}

                        @Override
                        public void onEnd() {
                            ended.complete(null);
                            throw new IllegalStateException("too late");
                        }

                        @Override
                        public void onFailure(Throwable error) {
                            ended.completeExceptionally(error);
                        }
                    })
                    .request(1);
            ended.get(10, TimeUnit.SECONDS);
            answered(transport, server);

            assertThat(server.accepted()).isEqualTo(1);
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
