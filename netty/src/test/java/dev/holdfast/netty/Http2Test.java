// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Await;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.Recorder;
import dev.holdfast.llm.transport.TransportRequest;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP/2 as the server chose it in the TLS handshake, over real sockets against a server that does as it is told. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class Http2Test {
    private final NettyTransport transport =
            NettyTransport.builder().sslContext(Certificates.LOCAL).build();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        transport.close();
        Fixtures.assertEmpty(transport);
    }

    private Exchange post(Http2Server server, String path, Recorder to) {
        return transport.send(request(server.uri(path), "{}"), to);
    }

    @Test
    void anAnswerArrivesInOrder() throws Exception {
        CompletableFuture<Http2Server.Request> received = new CompletableFuture<>();
        try (Http2Server server = Http2Server.start(request -> {
            received.complete(request);
            request.head(103, false, "link", "</x>");
            request.head(200, false, "x-a", "1", "x-a", "2");
            request.data("{\"a\":1}", true);
        })) {
            post(server, "/v1/x?b", recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.signals).containsExactly("connected", "sent", "head 200", "bytes", "end");
            assertThat(recorder.text()).isEqualTo("{\"a\":1}");
            assertThat(recorder.head.join().headers().get("X-A")).containsExactly("1", "2");
            assertThat(recorder.head.join().headers()).doesNotContainKey(":status");
            Http2Server.Request request = received.join();
            assertThat(request.body()).isEqualTo("{}");
            assertThat(request.path()).isEqualTo("/v1/x?b");
            assertThat(request.headers().authority())
                    .hasToString("localhost:" + server.uri("/").getPort());
            assertThat(request.headers().get("content-type")).hasToString("application/json");
            assertThat(request.headers().contains("host")).isFalse();
        }
    }

    @Test
    void manyExchangesShareOneConnection() throws Exception {
        List<Http2Server.Request> held = new ArrayList<>();
        try (Http2Server server = Http2Server.start(request -> {
            held.add(request);
            if (held.size() == 50) {
                held.forEach(one -> one.answer(one.path()));
            }
        })) {
            List<Recorder> recorders = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Recorder each = new Recorder();
                recorders.add(each);
                post(server, "/" + i, each).request(Long.MAX_VALUE);
            }

            for (int i = 0; i < 50; i++) {
                assertThat(recorders.get(i).failure()).isNull();
                assertThat(recorders.get(i).text()).isEqualTo("/" + i);
            }
            assertThat(server.connections).hasSize(1);
            assertThat(transport.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void moreExchangesThanTheServerTakesOpenAnotherConnection() throws Exception {
        List<Http2Server.Request> held = new ArrayList<>();
        try (Http2Server server =
                Http2Server.start(Http2Settings.defaultSettings().maxConcurrentStreams(2), request -> {
                    held.add(request);
                    if (held.size() == 5) {
                        held.forEach(one -> one.answer("done"));
                    }
                })) {
            List<Recorder> recorders = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Recorder each = new Recorder();
                recorders.add(each);
                post(server, "/" + i, each).request(Long.MAX_VALUE);
            }

            for (Recorder each : recorders) {
                assertThat(each.failure()).isNull();
            }
            assertThat(server.connections).hasSize(3);
        }
    }

    @Test
    void aListenerThatAsksForNothingHoldsBackItsOwnStreamOnly() throws Exception {
        AtomicInteger written = new AtomicInteger();
        String block = "x".repeat(16 << 10);
        try (Http2Server server = Http2Server.start(request -> {
            if (request.path().equals("/slow")) {
                request.head(200, false);
                for (int i = 0; i < 100; i++) {
                    request.stream()
                            .writeAndFlush(new DefaultHttp2DataFrame(
                                    Unpooled.copiedBuffer(block, StandardCharsets.UTF_8), i == 99))
                            .addListener(done -> written.incrementAndGet());
                }
            } else {
                request.answer(block.repeat(10));
            }
        })) {
            Exchange slow = post(server, "/slow", recorder);
            recorder.head.get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                Recorder quick = new Recorder();
                post(server, "/quick", quick).request(Long.MAX_VALUE);
                assertThat(quick.failure()).isNull();
                assertThat(quick.received).isEqualTo(160 << 10);
            }

            assertThat(written.get()).isLessThan(10);
            assertThat(recorder.signals).doesNotContain("bytes");

            slow.request(Long.MAX_VALUE);
            assertThat(recorder.failure()).isNull();
            assertThat(recorder.received).isEqualTo(100L * (16 << 10));
            assertThat(server.connections).hasSize(1);
        }
    }

    @Test
    void cancellingResetsTheStreamAndKeepsTheConnection() throws Exception {
        try (Http2Server server = Http2Server.start(request -> {
            if (request.path().equals("/endless")) {
                request.head(200, false);
                request.data("a", false);
            } else {
                request.answer("ok");
            }
        })) {
            Exchange exchange = post(server, "/endless", recorder);
            exchange.request(Long.MAX_VALUE);
            recorder.firstBytes.get(10, TimeUnit.SECONDS);
            exchange.cancel();
            Await.until(() -> server.streams.get() == 0);
            Recorder next = new Recorder();
            post(server, "/", next).request(Long.MAX_VALUE);

            assertThat(next.failure()).isNull();
            assertThat(server.resets).containsExactly(Http2Error.CANCEL);
            assertThat(server.connections).hasSize(1);
            assertThat(recorder.signals).endsWith("bytes");
        }
    }

    @Test
    void anAnswerWithoutABodyEndsWithoutDemand() throws Exception {
        try (Http2Server server = Http2Server.start(request -> request.head(204, true))) {
            transport.send(
                    new TransportRequest("GET", server.uri("/"), Map.of(), new byte[0], Duration.ofSeconds(5)),
                    recorder);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.signals).containsExactly("connected", "head 204", "end");
        }
    }

    @Test
    void trailersEndTheBody() throws Exception {
        try (Http2Server server = Http2Server.start(request -> {
            request.head(200, false);
            request.data("abc", false);
            request.stream()
                    .writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().add("x-sum", "1"), true));
        })) {
            post(server, "/", recorder).request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(recorder.text()).isEqualTo("abc");
            assertThat(recorder.signals).containsExactly("connected", "sent", "head 200", "bytes", "end");
        }
    }

    @Test
    void aLargeRequestWaitsForTheServersWindow() throws Exception {
        CompletableFuture<Integer> received = new CompletableFuture<>();
        try (Http2Server server = Http2Server.start(request -> {
            received.complete(request.body().length());
            request.answer("ok");
        })) {
            transport
                    .send(request(server.uri("/"), "x".repeat(3 << 20)), recorder)
                    .request(Long.MAX_VALUE);

            assertThat(recorder.failure()).isNull();
            assertThat(received.join()).isEqualTo(3 << 20);
            assertThat(recorder.signals).containsExactly("connected", "sent", "head 200", "bytes", "end");
        }
    }
}
