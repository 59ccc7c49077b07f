// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One request and its response on an HTTP/2 connection: the only handler of the stream's channel. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed shows as the end of its channel
final class Http2Exchange extends ChannelInboundHandlerAdapter {
    private final HttpServer server;
    private final Sweep sweep;
    private final Http2Connection connection;
    private final Stall stall;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Head head;
    private @Nullable BodyBuffer body;
    private @Nullable ChannelResponse response;
    private long deadlineNanos = Long.MAX_VALUE;
    private boolean refused;

    Http2Exchange(HttpServer server, Sweep sweep, Http2Connection connection) {
        this.server = server;
        this.sweep = sweep;
        this.connection = connection;
        stall = new Stall(server.limits().idleTimeout().toNanos());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        connection.opened(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        left();
        connection.ended(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        try {
            if (refused || response != null) {
                return;
            }
            if (frame instanceof Http2HeadersFrame headers) {
                headers(headers);
            } else if (frame instanceof Http2DataFrame data) {
                data(data);
            }
        } catch (Refusal.Refused refusal) {
            refuse(refusal.refusal());
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void headers(Http2HeadersFrame frame) {
        if (head != null) {
            // trailers: checked by the codec, and of no use to us
            complete(frame.isEndStream());
            return;
        }
        Request upgraded = connection.takeUpgraded();
        if (upgraded != null) {
            dispatch(upgraded);
            return;
        }
        Head parsed = Http2Heads.parse(frame.headers(), frame.isEndStream());
        head = parsed;
        HttpServer.checkEncoding(parsed.headers());
        if (parsed.contentLength() > server.limits().bodyBytes()) {
            throw BodyBuffer.tooLarge(server.limits().bodyBytes());
        }
        body = new BodyBuffer(server.bodyBudget(), server.limits().bodyBytes(), parsed.contentLength());
        deadlineNanos = sweep.nowNanos() + server.limits().bodyTimeout().toNanos();
        if (!frame.isEndStream() && parsed.expectsContinue()) {
            context().writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("100"), false));
        }
        complete(frame.isEndStream());
    }

    private void data(Http2DataFrame frame) {
        ByteBuf content = frame.content();
        Objects.requireNonNull(body).take(content, content.readableBytes());
        complete(frame.isEndStream());
    }

    private void complete(boolean whole) {
        if (whole) {
            Head parsed = Objects.requireNonNull(head);
            byte[] bytes = Objects.requireNonNull(body).whole();
            SocketChannel socket = (SocketChannel) context().channel().parent();
            dispatch(parsed.with(bytes, socket.remoteAddress().getAddress()));
        }
    }

    private void dispatch(Request request) {
        deadlineNanos = Long.MAX_VALUE;
        ChannelResponse answer = new ChannelResponse(
                new Http2Outlet(context(), this::endRequest, request.method().equals("HEAD")));
        response = answer;
        server.requestStarted();
        server.handle(request, answer);
    }

    private void endRequest() {
        if (response != null) {
            response = null;
            refused = true;
            server.requestEnded();
        }
        if (body != null) {
            body.giveBack();
            body = null;
        }
    }

    private void refuse(Refusal refusal) {
        refused = true;
        deadlineNanos = Long.MAX_VALUE;
        new Http2Outlet(context(), this::endRequest, false).refuse(refusal);
    }

    private void left() {
        ChannelResponse answer = response;
        endRequest();
        if (answer != null) {
            answer.clientLeft();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            left();
            ctx.close();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        left();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (response != null && ctx.channel().isWritable()) {
            response.writabilityChanged();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    void sweep(long nowNanos) {
        if (stall.lasts(context().channel(), nowNanos)) {
            // closing alone would leave what waits in the codec, once the end of the stream is among it
            context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            context().close();
        } else if (deadlineNanos <= nowNanos) {
            refuse(HttpServer.TOO_SLOW);
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }
}
