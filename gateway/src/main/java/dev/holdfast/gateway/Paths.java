// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.gateway.internal.admin.OperatorSide;
import dev.holdfast.gateway.internal.call.CallEndpoint;
import dev.holdfast.gateway.internal.call.ModelsEndpoint;
import dev.holdfast.gateway.internal.call.Service;
import dev.holdfast.gateway.internal.http.Router;

/** Which path is answered by what. */
final class Paths {
    private Paths() {}

    static Router of(Service service, OperatorSide operator) {
        return Router.builder()
                .on("POST", "/v1/chat/completions", CallEndpoint.openAi(service))
                .on("POST", "/v1/messages", CallEndpoint.anthropic(service))
                .on("POST", "/v1/embeddings", CallEndpoint.embeddings(service))
                .on("GET", "/v1/models", new ModelsEndpoint(service))
                .on("GET", "/health/live", operator.healthLive())
                .on("GET", "/health/ready", operator.healthReady())
                .build();
    }
}
