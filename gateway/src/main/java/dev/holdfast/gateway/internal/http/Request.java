// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;

/**
 * A client's request, read whole. {@code toString} shows neither headers nor body.
 *
 * @param method in upper case
 * @param path raw, as it was sent, without the query; always starts with a slash
 * @param query without its question mark; empty for none
 * @param body not to be written to; empty for none
 * @param remote where the connection comes from
 */
@SuppressWarnings("ArrayRecordComponent") // a copy of each body for equality that nobody needs would be dear
public record Request(String method, String path, String query, HttpHeaders headers, byte[] body, InetAddress remote) {

    @Override
    public String toString() {
        return method + " " + path + " (" + body.length + " bytes)";
    }
}
