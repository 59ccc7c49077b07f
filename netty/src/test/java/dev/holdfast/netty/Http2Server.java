// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** An HTTP/2 server that does with each request what the test says. */
final class Http2Server implements AutoCloseable {
    /** What to do with one request, on the server's loop. */
    interface Script {
        void answer(Request request);
    }

    /** A request that has come whole. */
    record Request(Http2StreamChannel stream, Http2Headers headers, String body) {
        String path() {
            return headers.path().toString();
        }

        void head(int status, boolean end, String... namesAndValues) {
            Http2Headers head = new DefaultHttp2Headers().status(Integer.toString(status));
            for (int i = 0; i < namesAndValues.length; i += 2) {
                head.add(namesAndValues[i], namesAndValues[i + 1]);
            }
            stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, end));
        }

        void data(String text, boolean end) {
            stream.writeAndFlush(new DefaultHttp2DataFrame(
                    Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), end));
        }

        void answer(String text) {
            head(200, false, "content-type", "text/plain");
            data(text, true);
        }

        void reset(Http2Error error) {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(error));
        }

        /** @param lastStreamId the highest that the server says it has taken; written past the codec, which would choose it */
        void goAway(int lastStreamId) {
            ChannelHandlerContext codec = stream.parent().pipeline().context(Http2FrameCodec.class);
            codec.writeAndFlush(Unpooled.buffer()
                    .writeMedium(8)
                    .writeByte(Http2FrameTypes.GO_AWAY)
                    .writeByte(0)
                    .writeInt(0)
                    .writeInt(lastStreamId)
                    .writeInt((int) Http2Error.NO_ERROR.code()));
        }
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Script script;
    private final Http2Settings settings;
    private final Channel listening;
    final List<Channel> connections = new CopyOnWriteArrayList<>();
    final List<Http2Error> resets = new CopyOnWriteArrayList<>();
    final AtomicInteger streams = new AtomicInteger();
    final AtomicInteger mostStreams = new AtomicInteger();

    private Http2Server(SSLContext tls, Http2Settings settings, Script script) {
        this.script = script;
        this.settings = settings;
        JdkSslContext context = new JdkSslContext(
                tls,
                false,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2),
                ClientAuth.NONE,
                null,
                false);
        listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(context.newHandler(channel.alloc()));
                        speakHttp2(channel);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    static Http2Server start(Script script) {
        return start(Http2Settings.defaultSettings(), script);
    }

    static Http2Server start(Http2Settings settings, Script script) {
        return new Http2Server(Certificates.LOCAL, settings, script);
    }

    URI uri(String path) {
        return URI.create("https://localhost:" + ((InetSocketAddress) listening.localAddress()).getPort() + path);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private void speakHttp2(Channel channel) {
        channel.pipeline()
                .addLast(Http2FrameCodecBuilder.forServer()
                        .initialSettings(settings)
                        .gracefulShutdownTimeoutMillis(0)
                        .build())
                .addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline().addLast(new Stream());
                    }
                }));
    }

    private final class Stream extends ChannelInboundHandlerAdapter {
        private final StringBuilder body = new StringBuilder();
        private Http2Headers headers;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            int now = streams.incrementAndGet();
            mostStreams.accumulateAndGet(now, Math::max);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            streams.decrementAndGet();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            try {
                boolean end = false;
                if (frame instanceof Http2HeadersFrame head) {
                    headers = head.headers();
                    end = head.isEndStream();
                } else if (frame instanceof Http2DataFrame data) {
                    body.append(data.content().toString(StandardCharsets.UTF_8));
                    end = data.isEndStream();
                }
                if (end) {
                    script.answer(
                            new Request((Http2StreamChannel) context.channel(), headers, body.toString()));
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                resets.add(Http2Error.valueOf(reset.errorCode()));
            }
            ReferenceCountUtil.release(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
            context.close();
        }
    }
}
