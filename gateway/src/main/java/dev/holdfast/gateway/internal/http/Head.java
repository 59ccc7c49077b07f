// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;

/**
 * The head of an HTTP/1 request.
 *
 * @param http10 whether the version is 1.0, not 1.1
 * @param keepAlive whether the connection may be used for another request
 * @param contentLength of the body; -1 for a chunked one, 0 for none
 * @param expectsContinue whether the client waits for {@code 100 Continue} before it sends the body
 */
record Head(
        String method,
        String path,
        String query,
        HttpHeaders headers,
        boolean http10,
        boolean keepAlive,
        long contentLength,
        boolean expectsContinue) {

    Request with(byte[] body, InetAddress remote) {
        return new Request(method, path, query, headers, body, remote);
    }

    boolean chunked() {
        return contentLength < 0;
    }

    boolean hasBody() {
        return contentLength != 0;
    }
}
