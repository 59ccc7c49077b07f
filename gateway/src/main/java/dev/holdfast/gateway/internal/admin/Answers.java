// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.observe.Json;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Answers in JSON that nobody keeps. */
final class Answers {
    private Answers() {}

    static void json(Response response, int status, Consumer<JsonGenerator> body) {
        send(response, status, Json.bytes(body));
    }

    static void send(Response response, int status, byte[] json) {
        response.send(status, headers("application/json"), json);
    }

    /** {@code {"error":{"code","message"}}} */
    static void error(Response response, int status, String code, String message) {
        error(response, status, code, message, more -> {});
    }

    static void error(Response response, int status, String code, String message, Consumer<JsonGenerator> more) {
        json(response, status, json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("error");
            json.writeStringProperty("code", code);
            json.writeStringProperty("message", message);
            more.accept(json);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** For content of this type: not kept, not guessed about. */
    static HttpHeaders headers(String contentType) {
        return new DefaultHttpHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff");
    }
}
