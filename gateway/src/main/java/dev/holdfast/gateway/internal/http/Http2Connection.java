// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection: last in its pipeline, behind Netty's codec, which gives each stream a channel of its own. What Netty
 * bounds is set here in the open, since these limits are all that stands between an abuser and our memory.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed shows as the end of its channel
final class Http2Connection extends ChannelInboundHandlerAdapter implements Swept {
    private static final int STREAMS = 256;

    /** What a client may send on one stream before we have read it. */
    private static final int WINDOW_BYTES = 256 << 10;

    /** Streams that a client may take back in so many seconds; more is "rapid reset". */
    private static final int RESETS = 200;

    private static final int RESET_SECONDS = 10;

    /** Answers to pings, settings and resets that a client has not read. */
    private static final int CONTROL_FRAMES = 1000;

    private static final int SMALL_CONTINUATIONS = 8;
    private static final int EMPTY_DATA_FRAMES = 4;

    private final HttpServer server;
    private final Sweep sweep;
    private final Http2FrameCodec codec;
    private final Set<Http2Exchange> exchanges = new LinkedHashSet<>();
    private final Stall stall;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Request upgraded;
    private long idleSinceNanos;

    Http2Connection(HttpServer server, Sweep sweep) {
        this.server = server;
        this.sweep = sweep;
        stall = new Stall(server.limits().idleTimeout().toNanos());
        codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(STREAMS)
                        .initialWindowSize(WINDOW_BYTES)
                        .maxHeaderListSize(server.limits().headerBytes()))
                .validateHeaders(true)
                .validateRequiredPseudoHeaders(true)
                .decoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS)
                .decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_DATA_FRAMES)
                .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES)
                .gracefulShutdownTimeoutMillis(-1)
                .build();
    }

    Http2FrameCodec codec() {
        return codec;
    }

    Http2MultiplexHandler multiplexer() {
        return new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, HttpServer.MARKS);
                stream.pipeline().addLast(new Http2Exchange(server, sweep, Http2Connection.this));
            }
        });
    }

    /** Takes a connection over whose first bytes say that it is HTTP/2. */
    void takeOver(ChannelHandlerContext http1, ByteBuf bytes) {
        http1.pipeline().addLast(codec, multiplexer(), this).remove(http1.handler());
        http1.pipeline().fireChannelRead(bytes);
    }

    /** The request with which the client asked for HTTP/2 is the first stream's; it was read whole before. */
    void upgradedWith(Request request) {
        upgraded = request;
    }

    @Nullable
    Request takeUpgraded() {
        Request request = upgraded;
        upgraded = null;
        return request;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        idleSinceNanos = sweep.nowNanos();
        sweep.add(this);
        // who cannot send cannot open windows either, so such a client has left
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        sweep.remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        // settings, pings and the like, which the codec has seen to
        ReferenceCountUtil.release(frame);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        closeNow();
    }

    void opened(Http2Exchange exchange) {
        exchanges.add(exchange);
    }

    void ended(Http2Exchange exchange) {
        exchanges.remove(exchange);
        idleSinceNanos = sweep.nowNanos();
    }

    @Override
    public void sweep(long nowNanos) {
        Channel channel = context().channel();
        if (stall.lasts(channel, nowNanos)) {
            closeNow();
        } else if (exchanges.isEmpty()) {
            if (nowNanos - idleSinceNanos >= server.limits().idleTimeout().toNanos()) {
                channel.close();
            }
        } else {
            new ArrayList<>(exchanges).forEach(exchange -> exchange.sweep(nowNanos));
        }
    }

    /** Tells the client, which may then open no further stream. */
    @Override
    public void closeWhenAnswered() {
        context().channel().close();
    }

    @Override
    public void closeNow() {
        // from below the codec, which would wait for its streams
        ChannelHandlerContext below = context().pipeline().firstContext();
        if (below != null) {
            below.close();
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }
}
