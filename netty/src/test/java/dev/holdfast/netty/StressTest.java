// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static dev.holdfast.llm.transport.TransportFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Await;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.Recorder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many exchanges at once, left at any moment, on servers that die: real sockets, and nothing may be left. */
@Timeout(120)
@ExtendWith(NoLeaks.class)
class StressTest {
    private static final int MANY = 2_000;

    private final NettyTransport transport =
            NettyTransport.builder().sslContext(Certificates.LOCAL).build();

    @AfterEach
    void nothingIsLeft() {
        assertThat(transport.inFlight()).isZero();
        transport.close();
        Fixtures.assertEmpty(transport);
    }

    @Test
    void twoThousandExchangesAtOnceAllEnd() throws Exception {
        try (HeldServer server = new HeldServer(MANY)) {
            List<Recorder> all = start(server.uri(), MANY);

            for (Recorder each : all) {
                assertThat(each.over.get(60, TimeUnit.SECONDS)).isNull();
                assertThat(each.text()).isEqualTo("ok");
            }
            assertThat(server.mostAtOnce()).isEqualTo(MANY);
        }
    }

    @Test
    void twoThousandStreamsAtOnceAllEnd() throws Exception {
        List<Http2Server.Request> held = new ArrayList<>();
        try (Http2Server server =
                Http2Server.start(Http2Settings.defaultSettings().maxConcurrentStreams(MANY), request -> {
                    held.add(request);
                    if (held.size() == MANY) {
                        held.forEach(one -> one.answer("ok"));
                    }
                })) {
            List<Recorder> all = start(server.uri("/"), MANY);

            for (Recorder each : all) {
                assertThat(each.over.get(60, TimeUnit.SECONDS)).isNull();
                assertThat(each.text()).isEqualTo("ok");
            }
            assertThat(server.connections).hasSize(1);
        }
    }

    @Test
    void aServerKilledInTheMiddleFailsEveryExchangeOnce() throws Exception {
        List<Recorder> all;
        try (HeldServer server = new HeldServer(Integer.MAX_VALUE)) {
            all = start(server.uri(), 500);
            Await.until(() -> server.mostAtOnce() == 500);
        }

        for (Recorder each : all) {
            assertThat(each.failure()).isNotNull();
            assertThat(each.signals.stream().filter("failure"::equals)).hasSize(1);
        }
        Await.until(() -> transport.openConnections() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void exchangesLeftAtAnyMomentLeaveNothing(boolean http2) throws Exception {
        long seed = System.nanoTime();
        System.out.println("cancel storm, http2 " + http2 + ", seed " + seed);
        Random random = new Random(seed);
        try (HeldServer plain = new HeldServer(1);
                Http2Server tls = Http2Server.start(request -> {
                    request.head(200, false);
                    request.data("some", false);
                    request.data("more", true);
                })) {
            URI uri = http2 ? tls.uri("/") : plain.uri();
            List<Recorder> left = new ArrayList<>();
            for (int round = 0; round < 20; round++) {
                List<Exchange> running = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    Recorder each = new Recorder();
                    left.add(each);
                    Exchange exchange = transport.send(request(uri, "{}"), each);
                    running.add(exchange);
                    if (random.nextBoolean()) {
                        exchange.request(1 + random.nextInt(3));
                    }
                    if (random.nextInt(4) == 0) {
                        running.get(random.nextInt(running.size())).cancel();
                    }
                }
                long spin = System.nanoTime() + random.nextInt(5_000_000);
                while (System.nanoTime() < spin) {
                    Thread.onSpinWait();
                }
                running.forEach(Exchange::cancel);
                running.forEach(Exchange::cancel);
            }
            Await.until(() -> transport.inFlight() == 0);

            assertThat(left).as("seed %d", seed).allSatisfy(each -> assertThat(
                            each.signals.stream().filter(signal -> signal.equals("end") || signal.equals("failure")))
                    .hasSizeLessThanOrEqualTo(1));
            List<Recorder> after = start(uri, 20); // and the transport still works
            for (Recorder each : after) {
                assertThat(each.over.get(20, TimeUnit.SECONDS))
                        .as("seed %d", seed)
                        .isNull();
            }
        }
    }

    @Test
    void aTransportClosedInTheMiddleTellsNothingMore() throws Exception {
        try (HeldServer server = new HeldServer(Integer.MAX_VALUE)) {
            List<Recorder> all = start(server.uri(), 200);
            Await.until(() -> server.mostAtOnce() == 200);
            transport.close();
            Fixtures.assertEmpty(transport);

            assertThat(all).allSatisfy(each -> assertThat(each.signals).doesNotContain("end", "failure"));
        }
    }

    private List<Recorder> start(URI uri, int count) {
        List<Recorder> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Recorder each = new Recorder();
            all.add(each);
            transport.send(request(uri, "{}"), each).request(Long.MAX_VALUE);
        }
        return all;
    }

    /** Answers when as many requests wait as it was told, and from then on at once. */
    private static final class HeldServer implements AutoCloseable {
        private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private final AtomicInteger most = new AtomicInteger();
        private final List<ChannelHandlerContext> waiting = new ArrayList<>();
        private final int until;
        private final Channel listening;

        HeldServer(int until) {
            this.until = until;
            listening = new ServerBootstrap()
                    .group(group)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, 4096)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Holding());
                        }
                    })
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .syncUninterruptibly()
                    .channel();
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + ((InetSocketAddress) listening.localAddress()).getPort() + "/");
        }

        int mostAtOnce() {
            return most.get();
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        }

        private final class Holding extends SimpleChannelInboundHandler<FullHttpRequest> {
            @Override
            protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                waiting.add(context);
                most.accumulateAndGet(waiting.size(), Math::max);
                if (most.get() >= until) {
                    waiting.forEach(HeldServer::answer);
                    waiting.clear();
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
                context.close();
            }
        }

        private static void answer(ChannelHandlerContext context) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(new byte[] {'o', 'k'}));
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 2);
            context.writeAndFlush(response);
        }
    }
}
