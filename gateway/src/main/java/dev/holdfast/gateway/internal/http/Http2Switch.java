// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.handler.codec.http2.InboundHttpToHttp2Adapter;
import java.util.Base64;
import java.util.List;

/**
 * The two ways from HTTP/1 to HTTP/2 without TLS: the client knows beforehand and starts with the preface, or it asks with its
 * first request (RFC 7540, 3.2), as the JDK's client always does.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed shows as the end of its channel
final class Http2Switch {
    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();
    private static final byte[] SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n".getBytes(US_ASCII);

    private static final String SETTINGS = "http2-settings";
    private static final int SETTING_BYTES = 6;

    private Http2Switch() {}

    /** Whether a connection's first bytes are a beginning of the preface, and of nothing else. */
    static boolean startsPreface(ByteBuf in) {
        int length = Math.min(in.readableBytes(), PREFACE.readableBytes());
        return length > 0 && ByteBufUtil.equals(in, in.readerIndex(), PREFACE, PREFACE.readerIndex(), length);
    }

    static boolean isPreface(ByteBuf in) {
        return in.readableBytes() >= PREFACE.readableBytes() && startsPreface(in);
    }

    /** Whether the client asks for HTTP/2; if it asks in a wrong way, it may be answered in HTTP/1.1. */
    static boolean isAskedFor(Head head) {
        HttpHeaders headers = head.headers();
        return !head.http10()
                && "h2c".equalsIgnoreCase(headers.get(HttpHeaderNames.UPGRADE))
                && areSettings(headers.getAll(SETTINGS))
                && headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, SETTINGS, true);
    }

    private static boolean areSettings(List<String> encoded) {
        try {
            return encoded.size() == 1 && Base64.getUrlDecoder().decode(encoded.get(0)).length % SETTING_BYTES == 0;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /**
     * Answers the request as the first stream of an HTTP/2 connection.
     *
     * @return false if the client's settings cannot be read; then nothing has changed
     */
    static boolean upgrade(ChannelHandlerContext http1, Http2Connection connection, Request request) {
        // a head alone: the body, which is here already, must not count against the stream's window
        FullHttpRequest head =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, request.path(), Unpooled.EMPTY_BUFFER);
        head.headers().set(HttpHeaderNames.HOST, "upgraded");
        head.headers().set(SETTINGS, request.headers().get(SETTINGS));
        Http2ServerUpgradeCodec upgrade =
                new Http2ServerUpgradeCodec(connection.codec(), connection.multiplexer(), connection);
        if (!upgrade.prepareUpgradeResponse(http1, head, new DefaultHttpHeaders())) {
            return false;
        }
        request.headers()
                .remove(HttpHeaderNames.UPGRADE)
                .remove(HttpHeaderNames.CONNECTION)
                .remove(SETTINGS);
        connection.upgradedWith(request);
        http1.writeAndFlush(Unpooled.wrappedBuffer(SWITCHING));
        upgrade.upgradeTo(http1, head);
        ChannelHandlerContext codec = http1.pipeline().context(connection.codec());
        http1.pipeline().remove(http1.handler());
        head.headers().remove(SETTINGS).setInt(HttpConversionUtil.ExtensionHeaderNames.STREAM_ID.text(), 1);
        try {
            new InboundHttpToHttp2Adapter(
                            connection.codec().connection(),
                            connection.codec().decoder().frameListener())
                    .channelRead(codec, head);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return true;
    }
}
