// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.gateway.internal.access.AdminGate;
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
        return paths.behind(AdminGate::host, paths.routes(service, operator));
    }

    private Router routes(Service service, OperatorSide operator) {
        Router.Builder routes = Router.builder()
                .on("POST", "/v1/chat/completions", CallEndpoint.openAi(service))
                .on("POST", "/v1/messages", CallEndpoint.anthropic(service))
                .on("POST", "/v1/embeddings", CallEndpoint.embeddings(service))
                .on("GET", "/v1/models", new ModelsEndpoint(service))
                .on("GET", "/health/live", operator.healthLive())
                .on("GET", "/health/ready", operator.healthReady())
                .on("GET", "/metrics", behind(AdminGate::observability, operator.scrape()))
                .on("GET", "/api/state", behind(AdminGate::observability, operator.state()))
                .on("GET", "/api/history", behind(AdminGate::observability, operator.history()))
                .on("GET", "/api/events", behind(AdminGate::observability, operator.events()))
                .on("GET", "/", operator.dashboard());
        Router.NamedEndpoint page =
                (name, request, response) -> operator.dashboard().handle(request, response);
        routes.on("GET", "/{file}", page).on("GET", "/assets/{file}", page);
        Endpoint admin = behind(AdminGate::admin, operator.admin());
        routes.on("POST", "/admin/drain", admin).on("POST", "/admin/reload", admin);
        Router.NamedEndpoint action = (name, request, response) -> admin.handle(request, response);
        for (String verb : new String[] {"open", "close", "reset", "drain", "enable"}) {
            routes.on("POST", "/admin/targets/{name}/" + verb, action);
        }
        return routes.build();
    }

    private Endpoint behind(Check check, Endpoint endpoint) {
        return (request, response) -> {
            Refusal refusal = check.refusal(gate.get(), request);
            if (refusal == null) {
                endpoint.handle(request, response);
            } else {
                refusal.sendTo(response);
            }
        };
    }
}
