// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.observe.Band;
import dev.holdfast.gateway.internal.observe.TargetView;
import dev.holdfast.gateway.internal.route.Fleet;
import java.util.List;
import java.util.Locale;

/**
 * {@code GET /health/live} and {@code /health/ready}. Calls no model. A target out of order does not make the gateway unready:
 * without traffic there would be no probe that finds out when it is back.
 */
final class Health {
    private final Fleet fleet;
    private final Operations operations;

    Health(Fleet fleet, Operations operations) {
        this.fleet = fleet;
        this.operations = operations;
    }

    void live(Request request, Response response) {
        Answers.json(response, 200, json -> {
            json.writeStartObject();
            json.writeStringProperty("status", "live");
            json.writeEndObject();
        });
    }

    void ready(Request request, Response response) {
        List<TargetView> degraded = TargetView.all(fleet).stream()
                .filter(view -> view.member().drained()
                        || view.band() == Band.OPEN
                        || view.band() == Band.HALF_OPEN
                        || view.band() == Band.BLOCKED)
                .toList();
        Operations.Phase phase = operations.phase();
        boolean ready = phase == Operations.Phase.READY;
        String status = ready
                ? (degraded.isEmpty() ? "ready" : "degraded")
                : phase.name().toLowerCase(Locale.ROOT);
        Answers.json(response, ready ? 200 : 503, json -> {
            json.writeStartObject();
            json.writeStringProperty("status", status);
            json.writeArrayPropertyStart("degraded");
            for (TargetView view : degraded) {
                json.writeStartObject();
                json.writeStringProperty("target", view.name());
                json.writeStringProperty("reason", reason(view));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String reason(TargetView view) {
        if (view.block() != null) {
            return view.block().failure().category().word();
        }
        return view.band() == Band.OPEN || view.band() == Band.HALF_OPEN
                ? "circuit_" + view.circuit().word()
                : "drained";
    }
}
