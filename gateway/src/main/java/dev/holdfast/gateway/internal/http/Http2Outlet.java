// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;

/** One response on an HTTP/2 stream. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed shows as the end of its channel
final class Http2Outlet implements Outlet {
    private final ChannelHandlerContext context;
    private final Runnable ended;
    private final boolean headOnly;
    private boolean withoutBody;

    /** @param ended run when the response has its end, or none will come */
    Http2Outlet(ChannelHandlerContext context, Runnable ended, boolean headOnly) {
        this.context = context;
        this.ended = ended;
        this.headOnly = headOnly;
    }

    @Override
    public Channel channel() {
        return context.channel();
    }

    @Override
    public void whole(int status, HttpHeaders headers, byte[] body) {
        boolean bodiless = status == 204 || status == 304;
        Http2Headers fields = fields(status, headers);
        if (!bodiless) {
            fields.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        boolean sendsBody = !headOnly && !bodiless && body.length > 0;
        context.write(new DefaultHttp2HeadersFrame(fields, !sendsBody));
        if (sendsBody) {
            context.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        }
        ended.run();
        context.flush();
    }

    /** As {@link #whole}, to a client that may still be sending, which is asked to stop. */
    void refuse(Refusal refusal) {
        byte[] body = refusal.body();
        ended.run();
        context.write(new DefaultHttp2HeadersFrame(
                fields(refusal.status(), Refusal.HEADERS).setInt(HttpHeaderNames.CONTENT_LENGTH, body.length), false));
        context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true))
                .addListener(written -> reset(Http2Error.NO_ERROR));
    }

    @Override
    public void head(int status, HttpHeaders headers) {
        withoutBody = headOnly || status == 204 || status == 304;
        context.writeAndFlush(new DefaultHttp2HeadersFrame(fields(status, headers), withoutBody));
    }

    @Override
    public void piece(ByteBuffer piece) {
        if (!withoutBody) {
            ByteBuf bytes = Unpooled.wrappedBuffer(piece);
            context.writeAndFlush(new DefaultHttp2DataFrame(bytes, false));
        }
    }

    @Override
    public void last() {
        ended.run();
        if (!withoutBody) {
            context.writeAndFlush(new DefaultHttp2DataFrame(true));
        }
    }

    @Override
    public void cut() {
        // behind the pieces that are on their way, which may hold the reason
        ended.run();
        context.writeAndFlush(new DefaultHttp2DataFrame(false))
                .addListener(written -> reset(Http2Error.INTERNAL_ERROR));
    }

    private void reset(Http2Error error) {
        if (context.channel().isActive()) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(error));
            context.close();
        }
    }

    private static Http2Headers fields(int status, HttpHeaders headers) {
        Http2Headers fields = new DefaultHttp2Headers(false, headers.size() + 2);
        fields.status(Integer.toString(status));
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            if (!HeadWriter.isFraming(field.getKey())) {
                fields.add(AsciiString.of(field.getKey()).toLowerCase(), HeadWriter.clean(field.getValue()));
            }
        }
        return fields;
    }
}
