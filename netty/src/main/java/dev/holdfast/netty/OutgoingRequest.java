// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import dev.holdfast.llm.transport.TransportRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A request in Netty's words, checked when it is made: what HTTP cannot say is refused on the caller's thread. */
final class OutgoingRequest {
    /** What the transport sets, and what would change how the connection is used. */
    private static final Set<String> NOT_THE_CALLERS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        NOT_THE_CALLERS.addAll(Set.of(
                "host", "content-length", "connection", "transfer-encoding", "upgrade", "expect", "keep-alive", "te"));
    }

    private final TransportRequest request;
    private final Origin origin;
    private final HttpMethod method;
    private final HttpHeaders headers;

    /** @throws IllegalArgumentException if HTTP has no way to say this */
    OutgoingRequest(TransportRequest request) {
        this.request = request;
        origin = Origin.of(request.uri());
        method = HttpMethod.valueOf(request.method());
        headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.HOST, origin.authority());
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            if (NOT_THE_CALLERS.contains(header.getKey())) {
                throw new IllegalArgumentException("header is the transport's to set: " + header.getKey());
            }
            headers.add(header.getKey(), header.getValue());
        }
        int length = request.body().length;
        if (length > 0 || mayHaveBody()) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(length));
        }
    }

    Origin origin() {
        return origin;
    }

    boolean hasBody() {
        return request.body().length > 0;
    }

    long connectTimeoutNanos() {
        return request.connectTimeout().toNanos();
    }

    byte[] body() {
        return request.body();
    }

    /** What {@link #http1} has before its body. */
    HttpRequest http1Head() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target(), headers);
    }

    FullHttpRequest http1() {
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                method,
                target(),
                content(),
                headers,
                EmptyHttpHeaders.INSTANCE);
    }

    Http2Headers http2() {
        Http2Headers all = new DefaultHttp2Headers(false, headers.size() + 4)
                .method(method.asciiName())
                .scheme(origin.scheme())
                .authority(origin.authority())
                .path(target());
        headers.forEach(header -> {
            AsciiString name = AsciiString.of(header.getKey()).toLowerCase();
            if (!name.contentEquals(HttpHeaderNames.HOST)) {
                all.add(name, header.getValue());
            }
        });
        return all;
    }

    ByteBuf content() {
        return Unpooled.wrappedBuffer(request.body());
    }

    private String target() {
        URI uri = request.uri();
        String path = uri.getRawPath();
        String from = path == null || path.isEmpty() ? "/" : path;
        return uri.getRawQuery() == null ? from : from + '?' + uri.getRawQuery();
    }

    private boolean mayHaveBody() {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
    }
}
