// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static dev.holdfast.gateway.internal.http.RunningServer.await;
import static dev.holdfast.gateway.internal.http.RunningServer.none;
import static dev.holdfast.gateway.internal.http.RunningServer.piece;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.config.GatewayConfig.Limits;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests and responses over real sockets, since what is tested is what the sockets see. */
@Timeout(60)
class HttpServerTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void requestIsAnsweredAndConnectionKept() {
        try (RunningServer running = RunningServer.echo();
                RawClient client = running.client()) {

            RawClient.Answer first = client.send(GET).readAnswer();
            RawClient.Answer second = client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                    .readAnswer();

            assertThat(first.head()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n");
            assertThat(first.body()).isEqualTo("GET /a?b=c ");
            assertThat(second.body()).isEqualTo("POST /p abc");
        }
    }

    @Test
    void chunkedBodyIsReadWhole() {
        try (RunningServer running = RunningServer.echo();
                RawClient client = running.client()) {

            client.send(
                    "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nt: v\r\n\r\n");

            assertThat(client.readAnswer().body()).isEqualTo("POST /p abc0123456789");
            assertThat(client.send(GET).readAnswer().body()).isEqualTo("GET /a?b=c ");
        }
    }

    @Test
    void largeBodyComesBackAsItWasSent() {
        try (RunningServer running = RunningServer.echo();
                RawClient client = running.client()) {
            String body = "0123456789abcdef".repeat(1 << 16);

            client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

            assertThat(client.readAnswer().body()).isEqualTo("POST /p " + body);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        CompletableFuture<Response> slow = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
                    if (request.path().equals("/slow")) {
                        slow.complete(response);
                    } else {
                        RunningServer.echo(request, response);
                    }
                });
                RawClient client = running.client()) {
            client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + GET + GET);

            slow.join().send(200, none(), "slow".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

            assertThat(client.readAnswer().body()).isEqualTo("slow");
            assertThat(client.readAnswer().body()).isEqualTo("GET /a?b=c ");
            assertThat(client.readAnswer().body()).isEqualTo("GET /a?b=c ");
        }
    }

    @Test
    void piecesGoOutAtOnceAndInOrder() {
        CompletableFuture<Response> begun = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
                    response.begin(200, new DefaultHttpHeaders().set("content-type", "text/event-stream"));
                    begun.complete(response);
                });
                RawClient client = running.client()) {

            client.send(GET);
            String head = client.readUntil("\r\n\r\n");
            Response response = begun.join();
            response.write(piece("one"));
            String one = client.readUntil("one\r\n");
            response.write(piece("two"));
            response.end();

            assertThat(head)
                    .isEqualTo(
                            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
            assertThat(one).isEqualTo("3\r\none\r\n");
            assertThat(client.readUntil("0\r\n\r\n")).isEqualTo("3\r\ntwo\r\n0\r\n\r\n");
        }
    }

    @Test
    void callsFromOtherThreadsAndFromTheLoopKeepTheirOrder() {
        try (RunningServer running = new RunningServer((request, response) -> {
                    Thread other = new Thread(() -> {
                        response.begin(200, none());
                        for (int i = 0; i < 1000; i++) {
                            response.write(piece("a"));
                        }
                    });
                    other.start();
                    join(other);
                    // back on the loop, where the other thread's calls are still queued
                    response.write(piece("b"));
                    response.end();
                });
                RawClient client = running.client()) {

            client.send(GET).readUntil("\r\n\r\n");

            assertThat(client.readUntil("0\r\n\r\n")).isEqualTo("1\r\na\r\n".repeat(1000) + "1\r\nb\r\n0\r\n\r\n");
        }
    }

    @Test
    void abortClosesWithoutTheLastChunk() {
        try (RunningServer running = new RunningServer((request, response) -> {
                    response.begin(200, none());
                    response.write(piece("half"));
                    response.abort();
                });
                RawClient client = running.client()) {

            String all = client.send(GET).readAll();

            assertThat(all).endsWith("4\r\nhalf\r\n");
            running.assertAllReturned();
        }
    }

    @Test
    void abortOfAnOldClientIsAReset() {
        try (RunningServer running = new RunningServer((request, response) -> {
                    response.begin(200, none());
                    response.write(piece("half"));
                    response.abort();
                });
                RawClient client = running.client()) {

            String all = client.send("GET / HTTP/1.0\r\n\r\n").readAll();

            assertThat(all).endsWith("<reset>");
        }
    }

    @Test
    void clientThatLeavesIsNoticedBeforeTheResponseBegins() {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
            response.onGone(() -> gone.complete(null));
            arrived.complete(null);
        })) {
            RawClient client = running.client().send(GET);
            arrived.join();

            client.close();

            gone.orTimeout(20, TimeUnit.SECONDS).join();
            running.assertAllReturned();
        }
    }

    @Test
    void clientThatLeavesIsNoticedWithinAStreamAndLaterCallsDoNothing() {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<Response> begun = new CompletableFuture<>();
        AtomicInteger again = new AtomicInteger();
        try (RunningServer running = new RunningServer((request, response) -> {
            response.onGone(() -> gone.complete(null));
            response.begin(200, none());
            response.write(piece("x"));
            begun.complete(response);
        })) {
            RawClient client = running.client().send(GET);
            client.readUntil("x\r\n");

            client.close();
            gone.orTimeout(20, TimeUnit.SECONDS).join();
            Response response = begun.join();
            response.write(piece("y"));
            response.end();
            response.abort();
            response.onGone(again::incrementAndGet);

            await("a late listener is told", () -> again.get() == 1);
            running.assertAllReturned();
        }
    }

    @Test
    void goneIsNotToldAfterTheEnd() {
        AtomicInteger gone = new AtomicInteger();
        try (RunningServer running = new RunningServer((request, response) -> {
            response.onGone(gone::incrementAndGet);
            response.send(200, none(), new byte[0]);
        })) {
            try (RawClient client = running.client()) {
                client.send(GET).readAnswer();
            }

            running.assertAllReturned();
            assertThat(gone).hasValue(0);
        }
    }

    @Test
    void slowReaderHoldsTheWriterBackAndThenGetsAll() throws IOException {
        int total = 64 << 20;
        byte[] block = new byte[16 << 10];
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> heldBack = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
                    response.begin(200, none());
                    Runnable more = new Runnable() {
                        @Override
                        public void run() {
                            while (response.isWritable() && written.get() < total) {
                                response.write(ByteBuffer.wrap(block));
                                if (written.addAndGet(block.length) == total) {
                                    response.end();
                                }
                            }
                            if (!response.isWritable()) {
                                heldBack.complete(null);
                            }
                        }
                    };
                    response.onWritable(more);
                    more.run();
                });
                RawClient client = new RawClient(running.port(), 16 << 10)) {

            client.send(GET);
            heldBack.join();
            long beforeReading = written.get();
            long received = client.in().readNBytes(total).length;

            assertThat(beforeReading).isLessThan(16 << 20);
            assertThat(received).isEqualTo(total);
            await("everything is written", () -> written.get() == total);
        }
    }

    @Test
    void writerOnAnotherThreadIsHeldBackToo() throws IOException {
        int total = 32 << 20;
        byte[] block = new byte[16 << 10];
        AtomicLong most = new AtomicLong();
        try (RunningServer running = new RunningServer((request, response) -> {
                    Thread writer = new Thread(() -> {
                        Object turn = new Object();
                        response.onWritable(() -> {
                            synchronized (turn) {
                                turn.notifyAll();
                            }
                        });
                        response.begin(200, none());
                        long written = 0;
                        long inRow = 0;
                        while (written < total) {
                            synchronized (turn) {
                                while (!response.isWritable()) {
                                    inRow = 0;
                                    waitFor(turn);
                                }
                            }
                            response.write(ByteBuffer.wrap(block));
                            written += block.length;
                            inRow += block.length;
                            most.accumulateAndGet(inRow, Math::max);
                        }
                        response.end();
                    });
                    writer.start();
                });
                RawClient client = new RawClient(running.port(), 16 << 10)) {

            client.send(GET).readUntil("\r\n\r\n");
            long received = client.in().readNBytes(total).length;

            assertThat(received).isEqualTo(total);
            assertThat(most.get()).isLessThan(total);
        }
    }

    @Test
    void bodyOverTheLimitIsRefusedByItsLengthBeforeItIsRead() {
        try (RunningServer running = new RunningServer(RunningServer::echo, limits(1000, 10_000));
                RawClient client = running.client()) {

            client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");

            assertThat(client.readAnswer().status()).isEqualTo(413);
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void chunkedBodyOverTheLimitIsRefusedWhileItIsRead() {
        try (RunningServer running = new RunningServer(RunningServer::echo, limits(1000, 10_000));
                RawClient client = running.client()) {

            client.send("POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send(("1f4\r\n" + "x".repeat(500) + "\r\n").repeat(3));

            RawClient.Answer answer = client.readAnswer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("\"code\":\"request_too_large\"").contains("1000 bytes");
            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void answerIsNotLostWhileTheClientStillSends() {
        try (RunningServer running = new RunningServer(RunningServer::echo, limits(1000, 10_000));
                RawClient client = running.client()) {

            client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n");
            client.send(new byte[8_000_000]);

            assertThat(client.readAnswer().status()).isEqualTo(413);
        }
    }

    @Test
    void connectionsOverTheLimitAreToldAndClosed() {
        try (RunningServer running = new RunningServer(RunningServer::echo, limits(1000, 2));
                RawClient first = running.client();
                RawClient second = running.client()) {
            first.send(GET).readAnswer();
            second.send(GET).readAnswer();

            try (RawClient third = running.client()) {
                assertThat(third.readAnswer().status()).isEqualTo(503);
                assertThat(third.readAll()).isEmpty();
            }

            assertThat(first.send(GET).readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void closingWaitsForRunningRequestsAndRefusesNewConnections() {
        CompletableFuture<Response> slow = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> slow.complete(response));
                RawClient idle = running.client();
                RawClient busy = running.client().send(GET)) {
            Response response = slow.join();
            await("both connections are open", () -> running.server.connections() == 2);

            CompletableFuture<Void> closed = running.server.closeWhenAnswered().toCompletableFuture();
            assertThat(idle.readAll()).isEmpty();
            assertThat(closed).isNotDone();
            response.send(200, none(), new byte[0]);

            assertThat(busy.readAnswer().head()).contains("connection: close");
            assertThat(busy.readAll()).isEmpty();
            idle.close();
            busy.close();
            closed.orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void failureOfTheEndpointIsA500AndTheNextRequestWorks() {
        try (RunningServer running = new RunningServer((request, response) -> {
                    if (request.path().equals("/bad")) {
                        throw new IllegalStateException("secret");
                    }
                    RunningServer.echo(request, response);
                });
                RawClient client = running.client()) {

            RawClient.Answer answer =
                    client.send("GET /bad HTTP/1.1\r\nHost: x\r\n\r\n").readAnswer();

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("secret");
            assertThat(client.send(GET).readAnswer().status()).isEqualTo(200);
        }
    }

    private static Limits limits(int bodyBytes, int connections) {
        return new Limits(
                bodyBytes,
                32 << 10,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMinutes(2),
                connections);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void waitFor(Object turn) {
        try {
            turn.wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
