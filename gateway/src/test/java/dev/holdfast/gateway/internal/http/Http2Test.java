// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static dev.holdfast.gateway.internal.http.RunningServer.await;
import static dev.holdfast.gateway.internal.http.RunningServer.none;
import static dev.holdfast.gateway.internal.http.RunningServer.piece;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/2 over real sockets: by the JDK's client, which upgrades, and by hand where clients cannot misbehave. */
@Timeout(60)
class Http2Test {

    @Test
    void jdkClientUpgradesAndReusesTheConnection() throws Exception {
        try (RunningServer running = RunningServer.echo()) {
            HttpClient client = HttpClient.newHttpClient();
            URI uri = URI.create("http://127.0.0.1:" + running.port() + "/p?q=1");
            String body = "x".repeat(500_000);

            HttpResponse<String> first = client.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> second = client.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(second.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(first.body()).isEqualTo("POST /p?q=1 " + body);
            assertThat(second.body()).isEqualTo("POST /p?q=1 " + body);
            assertThat(running.server.connections()).isEqualTo(1);
        }
    }

    @Test
    void upgradedRequestCarriesNoHeadersOfTheUpgrade() throws Exception {
        CompletableFuture<Request> seen = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
            seen.complete(request);
            response.send(204, none(), new byte[0]);
        })) {
            URI uri = URI.create("http://127.0.0.1:" + running.port() + "/");

            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).header("a", "b").build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(seen.join().headers().get("a")).isEqualTo("b");
            assertThat(seen.join().headers().names()).doesNotContain("Upgrade", "HTTP2-Settings", "Connection");
        }
    }

    @Test
    void upgradeWithBrokenSettingsIsAnsweredInHttp1() {
        try (RunningServer running = RunningServer.echo();
                RawClient client = running.client()) {

            client.send(
                    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: ???\r\n\r\n");

            assertThat(client.readAnswer().head()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void streamsAreAnsweredInAnyOrder() {
        List<Response> waiting = new ArrayList<>();
        CompletableFuture<Void> both = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
                    waiting.add(response);
                    if (waiting.size() == 2) {
                        both.complete(null);
                    }
                });
                RawHttp2Client client = new RawHttp2Client(running.port())) {
            client.get(1, "/one").get(3, "/two");
            both.join();

            waiting.get(1).send(201, none(), "two".getBytes(US_ASCII));

            assertThat(client.readHeaders(3).status()).hasToString("201");
            assertThat(client.readBody(3)).isEqualTo("two");
            waiting.get(0).send(200, none(), "one".getBytes(US_ASCII));
            assertThat(client.readBody(1)).isEqualTo("one");
        }
    }

    @Test
    void piecesGoOutAtOnceAndTheEndEndsTheStream() {
        CompletableFuture<Response> begun = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
                    response.begin(
                            200,
                            new DefaultHttpHeaders()
                                    .set("Content-Type", "text/event-stream")
                                    .set("Connection", "close"));
                    begun.complete(response);
                });
                RawHttp2Client client = new RawHttp2Client(running.port())) {

            client.post(1, "/").send(RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 1, new byte[0]);
            Http2Headers headers = client.readHeaders(1);
            begun.join().write(piece("one"));
            String one = client.readUntil(frame -> frame.type() == RawHttp2Client.DATA)
                    .text();
            begun.join().end();

            assertThat(headers.get("content-type")).hasToString("text/event-stream");
            assertThat(headers.contains("connection")).isFalse();
            assertThat(one).isEqualTo("one");
            assertThat(client.readBody(1)).isEmpty();
        }
    }

    @Test
    void abortResetsTheStreamAfterWhatWasWrittenAndLeavesOthers() {
        try (RunningServer running = new RunningServer((request, response) -> {
                    if (request.path().equals("/cut")) {
                        response.begin(200, none());
                        response.write(piece("half"));
                        response.abort();
                    } else {
                        RunningServer.echo(request, response);
                    }
                });
                RawHttp2Client client = new RawHttp2Client(running.port())) {

            client.get(1, "/cut");
            String half = client.readUntil(frame -> frame.type() == RawHttp2Client.DATA)
                    .text();
            RawHttp2Client.Frame reset = client.readUntil(frame -> frame.type() == RawHttp2Client.RESET);

            assertThat(half).isEqualTo("half");
            assertThat(reset.code()).isEqualTo(2);
            assertThat(client.get(3, "/other").readBody(3)).isEqualTo("GET /other ");
        }
    }

    @Test
    void resetByTheClientIsGoneAndLeavesOthers() {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
                    if (request.path().equals("/slow")) {
                        response.onGone(() -> gone.complete(null));
                        arrived.complete(null);
                    } else {
                        RunningServer.echo(request, response);
                    }
                });
                RawHttp2Client client = new RawHttp2Client(running.port())) {
            client.get(1, "/slow");
            arrived.join();

            client.send(RawHttp2Client.RESET, 0, 1, new byte[] {0, 0, 0, 8});

            gone.orTimeout(20, TimeUnit.SECONDS).join();
            assertThat(client.get(3, "/other").readBody(3)).isEqualTo("GET /other ");
            assertThat(running.server.runningRequests()).isZero();
        }
    }

    @Test
    void connectionThatClosesIsGoneForAllItsStreams() {
        AtomicLong gone = new AtomicLong();
        AtomicLong arrived = new AtomicLong();
        try (RunningServer running = new RunningServer((request, response) -> {
            response.onGone(gone::incrementAndGet);
            arrived.incrementAndGet();
        })) {
            RawHttp2Client client =
                    new RawHttp2Client(running.port()).get(1, "/").get(3, "/").get(5, "/");
            await("all arrive", () -> arrived.get() == 3);

            client.close();

            await("all are gone", () -> gone.get() == 3);
            running.assertAllReturned();
        }
    }

    @Test
    void closedWindowHoldsTheWriterBack() {
        AtomicLong written = new AtomicLong();
        byte[] block = new byte[16 << 10];
        int total = 1 << 20;
        CompletableFuture<Void> heldBack = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> {
                    response.begin(200, none());
                    Runnable more = () -> {
                        while (response.isWritable() && written.get() < total) {
                            response.write(ByteBuffer.wrap(block));
                            if (written.addAndGet(block.length) == total) {
                                response.end();
                            }
                        }
                        heldBack.complete(null);
                    };
                    response.onWritable(more);
                    more.run();
                });
                RawHttp2Client client = new RawHttp2Client(running.port())) {

            client.get(1, "/");
            heldBack.join();
            long beforeWindow = written.get();
            byte[] window = ByteBuffer.allocate(4).putInt(total).array();
            client.send(RawHttp2Client.WINDOW, 0, 0, window).send(RawHttp2Client.WINDOW, 0, 1, window);

            assertThat(client.readBody(1)).hasSize(total);
            assertThat(beforeWindow).isBetween(64L << 10, 256L << 10);
        }
    }

    @Test
    void bodyOverTheLimitIsRefusedByItsLengthAndWhileItIsRead() {
        try (RunningServer running = new RunningServer(
                        RunningServer::echo,
                        TestLimits.tightened().bodyBytes(1000).build());
                RawHttp2Client client = new RawHttp2Client(running.port())) {

            client.post(1, "/", "content-length", "1001");
            client.post(3, "/")
                    .send(RawHttp2Client.DATA, 0, 3, new byte[600])
                    .send(RawHttp2Client.DATA, 0, 3, new byte[600]);

            assertThat(client.readHeaders(1).status()).hasToString("413");
            assertThat(client.readHeaders(3).status()).hasToString("413");
            assertThat(client.get(5, "/ok").readBody(5)).isEqualTo("GET /ok ");
        }
    }

    @Test
    void closingSaysGoAwayAndWaitsForStreams() {
        CompletableFuture<Response> slow = new CompletableFuture<>();
        try (RunningServer running = new RunningServer((request, response) -> slow.complete(response));
                RawHttp2Client client = new RawHttp2Client(running.port()).get(1, "/")) {
            Response response = slow.join();

            CompletableFuture<Void> closed = running.server.closeWhenAnswered().toCompletableFuture();
            int code = client.readUntil(frame -> frame.type() == RawHttp2Client.GOAWAY)
                    .code();
            response.send(200, none(), "done".getBytes(US_ASCII));

            assertThat(code).isZero();
            assertThat(client.readBody(1)).isEqualTo("done");
            closed.orTimeout(20, TimeUnit.SECONDS).join();
        }
    }
}
