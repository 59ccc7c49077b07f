// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;

/**
 * One HTTP/2 connection, which carries as many exchanges as the server allows. It takes the first one when the server has
 * said how many; after the server's GOAWAY it takes no more, and closes after the last.
 *
 * <p>The window of the connection is refilled as bytes come, that of a stream as its listener takes them: a listener that
 * asks for nothing holds back its own stream and no other.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {
    private static final float REFILL_AT = 0.5f;

    private final Channel channel;
    private final Pool pool;
    private final Connecting connecting;
    private long maxStreams = Long.MAX_VALUE;
    private int streams;
    private boolean retired;
    private int idleSweeps;

    private Http2Connection(Channel channel, Pool pool, Connecting connecting) {
        this.channel = channel;
        this.pool = pool;
        this.connecting = connecting;
    }

    /** Makes a channel speak HTTP/2; {@code connecting} hears when it does, or that it will not. */
    static void open(Channel channel, Pool pool, Connecting connecting) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .maxHeaderListSize(Http1Connection.MAX_HEAD_BYTES))
                .gracefulShutdownTimeoutMillis(0) // it is closed when nothing runs on it, or everything is to end
                .build();
        DefaultHttp2LocalFlowController flow =
                new DefaultHttp2LocalFlowController(codec.connection(), REFILL_AT, true);
        flow.frameWriter(codec.encoder().frameWriter());
        codec.connection().local().flowController(flow);
        channel.pipeline()
                .addLast(codec)
                .addLast(new Http2MultiplexHandler(nothingIsPushed()))
                .addLast(new Http2Connection(channel, pool, connecting));
    }

    private static ChannelHandler nothingIsPushed() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel pushed) {
                pushed.close();
            }
        };
    }

    boolean hasRoom() {
        return !retired && streams < maxStreams;
    }

    void start(NettyExchange exchange) {
        Http2Stream stream = new Http2Stream(this, exchange);
        idleSweeps = 0;
        streams++;
        Future<Http2StreamChannel> opened =
                new Http2StreamChannelBootstrap(channel).handler(stream).open();
        if (opened.isSuccess()) { // opened on the connection's loop, so it is done when it returns
            stream.start(opened.getNow());
        } else {
            streams--;
            retire();
            exchange.fail(new IOException("stream not processed: the connection is closed", opened.cause()));
        }
    }

    /** Takes no more exchanges: what runs goes on. */
    void retire() {
        if (!retired) {
            retired = true;
            pool.retired(this);
        }
        closeIfDone();
    }

    void streamOver() {
        streams--;
        if (!channel.isActive()) {
            return;
        }
        if (retired) {
            closeIfDone();
        } else {
            pool.roomOn(this);
        }
    }

    private void closeIfDone() {
        if (streams == 0) {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            if (frame instanceof Http2SettingsFrame settings) {
                Long limit = settings.settings().maxConcurrentStreams();
                maxStreams = limit == null ? maxStreams : limit;
                if (!connecting.isOver()) {
                    connecting.speaksHttp2(this);
                }
            } else if (frame instanceof Http2GoAwayFrame) {
                goneAway();
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void goneAway() {
        if (connecting.isOver()) {
            retire();
        } else {
            connecting.fail(new IOException("stream not processed: goaway"));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        ReferenceCountUtil.release(event);
    }

    /** What breaks the connection ends its streams, which tell their listeners. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        if (connecting.isOver()) {
            Channels.closeAtOnce(channel);
        } else {
            connecting.fail(Failures.connecting(error));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!connecting.isOver()) {
            connecting.fail(new IOException("connection closed by the server before response"));
        } else {
            retired = true;
            pool.gone(this);
        }
    }

    void close() {
        channel.close();
    }

    /** At how many sweeps in a row it carried nothing, this one included. */
    int sweptIdle() {
        return streams > 0 ? 0 : ++idleSweeps;
    }
}
