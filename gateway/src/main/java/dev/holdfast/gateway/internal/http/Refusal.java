// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * Why a request is not answered by any endpoint. The body is JSON that clients of
 * both dialects read as their own: OpenAI's shape, and the outer {@code type} that Anthropic's has.
 *
 * @param code a short word for programs
 * @param message what was wrong and what to do; repeats nothing of the request
 */
public record Refusal(int status, String code, String message) {
    /** Of the response. */
    static final HttpHeaders HEADERS = new ReadOnlyHttpHeaders(false, HttpHeaderNames.CONTENT_TYPE, "application/json");

    /** A 401 has to say how to do better. */
    private static final HttpHeaders UNKNOWN = new ReadOnlyHttpHeaders(
            false, HttpHeaderNames.CONTENT_TYPE, "application/json", HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");

    static Refusal badRequest(String message) {
        return new Refusal(400, "bad_request", message);
    }

    /** Answers with this. */
    public void sendTo(Response response) {
        response.send(status, status == 401 ? UNKNOWN : HEADERS, body());
    }

    /** As an exception, for parsers that have nothing to return; costs no stack trace. */
    Refused refused() {
        return new Refused(this);
    }

    /** JSON. */
    public byte[] body() {
        String type = status >= 500 ? "server_error" : "invalid_request_error";
        return ("{\"error\":{\"message\":\"" + message.replace("\\", "\\\\").replace("\"", "\\\"") + "\",\"type\":\""
                        + type + "\",\"param\":null,\"code\":\"" + code
                        + "\"},\"type\":\"error\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A request that breaks off here. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Refusal refusal;

        private Refused(Refusal refusal) {
            super(refusal.message, null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }
}
