// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/**
 * One request, whole, or refused before it was.
 *
 * @param path without the query
 * @param http11 whether the client understands chunked bodies
 * @param refusedStatus the status of a request that the server would not read to its end; 0 where it did
 */
record Received(
        HttpMethod method,
        String path,
        HttpHeaders headers,
        boolean http11,
        boolean keepAlive,
        byte[] body,
        int refusedStatus) {

    static Received of(HttpRequest request, byte[] body) {
        return new Received(
                request.method(),
                path(request.uri()),
                request.headers(),
                http11(request),
                HttpUtil.isKeepAlive(request),
                body,
                0);
    }

    static Received refused(HttpRequest request, int status) {
        return new Received(
                request.method(), path(request.uri()), request.headers(), http11(request), false, new byte[0], status);
    }

    /** The key of the caller, by either dialect's header; empty where there is none. */
    String apiKey() {
        String key = headers.get("x-api-key");
        return key != null ? key : headers.get(HttpHeaderNames.AUTHORIZATION, "");
    }

    /** The call that this request belongs to; {@code own} where the client names none. */
    String callId(String own) {
        String id = headers.get("x-sim-call");
        return id != null ? id : headers.get("x-holdfast-call-id", own);
    }

    private static boolean http11(HttpRequest request) {
        return request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
