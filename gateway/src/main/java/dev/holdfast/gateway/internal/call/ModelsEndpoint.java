// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.gateway.internal.access.Identity;
import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Refusal;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /v1/models}: the names that clients may ask for, in OpenAI's form, or in Anthropic's where the request has its
 * header. Thread-safe.
 */
public final class ModelsEndpoint implements Endpoint {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Service service;

    public ModelsEndpoint(Service service) {
        this.service = service;
    }

    @Override
    public void handle(Request request, Response response) {
        Identity identity = service.doors().identify(request.headers());
        if (!(identity instanceof Identity.Known client)) {
            new Refusal(401, "invalid_api_key", ((Identity.Unknown) identity).message()).sendTo(response);
            return;
        }
        List<String> names =
                service.live().models().stream().filter(client::mayAskFor).toList();
        boolean anthropic = request.headers().contains("anthropic-version");
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(Headers.CONTENT_TYPE, "application/json");
        response.send(200, headers, JSON.writeValueAsBytes(anthropic ? anthropic(names) : openAi(names)));
    }

    private static ObjectNode openAi(List<String> names) {
        ObjectNode list = JSON.createObjectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        names.forEach(name -> data.addObject()
                .put("id", name)
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", "holdfast"));
        return list;
    }

    /** One page holds them all. */
    private static ObjectNode anthropic(List<String> names) {
        ObjectNode list = JSON.createObjectNode();
        ArrayNode data = list.putArray("data");
        names.forEach(name -> data.addObject()
                .put("type", "model")
                .put("id", name)
                .put("display_name", name)
                .put("created_at", "1970-01-01T00:00:00Z")
                .put("lifecycle", "active"));
        list.put("has_more", false);
        list.put("first_id", names.isEmpty() ? null : names.get(0));
        list.put("last_id", names.isEmpty() ? null : names.get(names.size() - 1));
        return list;
    }
}
