// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.gateway.internal.call.ChatEndpoint;
import dev.holdfast.gateway.internal.call.ModelsEndpoint;
import dev.holdfast.gateway.internal.call.Service;
import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.charset.StandardCharsets;

/** Which path is answered by what. */
final class Paths implements Endpoint {
    private final Endpoint chat;
    private final Endpoint messages;
    private final Endpoint models;

    Paths(Service service) {
        this.chat = ChatEndpoint.openAi(service);
        this.messages = ChatEndpoint.anthropic(service);
        this.models = new ModelsEndpoint(service);
    }

    @Override
    public void handle(Request request, Response response) {
        switch (request.method() + ' ' + request.path()) {
            case "POST /v1/chat/completions" -> chat.handle(request, response);
            case "POST /v1/messages" -> messages.handle(request, response);
            case "GET /v1/models" -> models.handle(request, response);
            default ->
                response.send(
                        404,
                        new DefaultHttpHeaders().set("content-type", "application/json"),
                        "{\"error\":{\"message\":\"no such path\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"not_found\"}}"
                                .getBytes(StandardCharsets.UTF_8));
        }
    }
}
