// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.transport;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One HTTP request. Immutable as long as nobody writes to the body; {@code toString} shows neither headers nor body.
 *
 * @param method for example {@code POST}
 * @param uri absolute, http or https
 * @param headers without Host, Content-Length and Connection, which the transport sets
 * @param body sent as it is, not copied; empty sends none
 * @param connectTimeout until the connection stands; positive
 */
public record TransportRequest(
        String method, URI uri, Map<String, String> headers, byte[] body, Duration connectTimeout) {
    public TransportRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(body, "body");
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        if (connectTimeout.isZero() || connectTimeout.isNegative()) {
            throw new IllegalArgumentException("connectTimeout must be positive: " + connectTimeout);
        }
    }

    /** A POST. */
    public static TransportRequest post(URI uri, Map<String, String> headers, byte[] body, Duration connectTimeout) {
        return new TransportRequest("POST", uri, headers, body, connectTimeout);
    }

    @Override
    public String toString() {
        return method + " " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath() + " (" + body.length
                + " bytes)";
    }
}
