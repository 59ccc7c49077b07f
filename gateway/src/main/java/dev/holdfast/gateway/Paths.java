// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.gateway.internal.access.AdminGate;
import dev.holdfast.gateway.internal.admin.Gate;
import dev.holdfast.gateway.internal.admin.OperatorSide;
import dev.holdfast.gateway.internal.call.CallEndpoint;
import dev.holdfast.gateway.internal.call.ModelsEndpoint;
import dev.holdfast.gateway.internal.call.Service;
import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Refusal;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Router;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which path is answered by what, and whom each gate lets through. */
final class Paths {
    /** Why a request may not pass; null if it may. */
    @FunctionalInterface
    private interface Check {
        @Nullable
        Refusal refusal(AdminGate gate, Request request);
    }

    private final Supplier<AdminGate> gate;

    /** @param gate that of the configuration in force */
    private Paths(Supplier<AdminGate> gate) {
        this.gate = gate;
    }

    static Endpoint of(Service service, OperatorSide operator, Supplier<AdminGate> gate) {
        Paths paths = new Paths(gate);
        return paths.gate(AdminGate::host).before(paths.routes(service, operator));
    }

    private Router routes(Service service, OperatorSide operator) {
        Router.Builder routes = Router.builder()
                .on("POST", "/v1/chat/completions", CallEndpoint.openAi(service))
                .on("POST", "/v1/messages", CallEndpoint.anthropic(service))
                .on("POST", "/v1/embeddings", CallEndpoint.embeddings(service))
                .on("GET", "/v1/models", new ModelsEndpoint(service));
        operator.addHealth(routes);
        return operator.addTo(routes, gate(AdminGate::observability), gate(AdminGate::admin))
                .build();
    }

    private Gate gate(Check check) {
        return (request, response) -> {
            Refusal refusal = check.refusal(gate.get(), request);
            if (refusal != null) {
                refusal.sendTo(response);
            }
            return refusal == null;
        };
    }
}
