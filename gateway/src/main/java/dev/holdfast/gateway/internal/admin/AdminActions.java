// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.http.Router;
import dev.holdfast.gateway.internal.observe.TargetView;
import dev.holdfast.gateway.internal.route.Fleet;
import java.io.IOException;
import java.util.concurrent.Executor;

/** What an operator changes while the gateway runs. Who may is asked before. Works off the event loop. */
final class AdminActions {
    private final Fleet fleet;
    private final Operations operations;
    private final LiveFeed live;
    private final Executor executor;

    AdminActions(Fleet fleet, Operations operations, LiveFeed live, Executor executor) {
        this.fleet = fleet;
        this.operations = operations;
        this.live = live;
        this.executor = executor;
    }

    /** {@code POST /admin/drain} */
    void drain(Request request, Response response) {
        executor.execute(() -> drain(response));
    }

    /** {@code POST /admin/reload} */
    void reload(Request request, Response response) {
        executor.execute(() -> reload(response));
    }

    /** {@code POST /admin/targets/{name}/…} */
    Router.NamedEndpoint on(TargetAction action) {
        return (name, request, response) -> executor.execute(() -> act(action, name, response));
    }

    private void drain(Response response) {
        operations.drain();
        live.changed();
        Answers.json(response, 200, json -> {
            json.writeStartObject();
            json.writeBooleanProperty("draining", true);
            json.writeEndObject();
        });
    }

    private void reload(Response response) {
        FleetChange change = new FleetChange(fleet);
        try {
            operations.reload();
        } catch (ConfigException refused) {
            Answers.error(response, 422, "invalid_config", "the configuration that was goes on", json -> {
                json.writeArrayPropertyStart("problems");
                refused.problems().forEach(problem -> {
                    json.writeStartObject();
                    json.writeNumberProperty("line", problem.line());
                    json.writeStringProperty("key", problem.key());
                    json.writeStringProperty("message", problem.message());
                    json.writeEndObject();
                });
                json.writeEndArray();
            });
            return;
        } catch (IOException unread) {
            Answers.error(response, 409, "cannot_reload", "the file cannot be read: " + unread);
            return;
        } catch (IllegalStateException notNow) {
            String why = notNow.getMessage();
            Answers.error(response, 409, "cannot_reload", why == null ? "not now" : why);
            return;
        }
        Answers.json(response, 200, change::write);
    }

    private void act(TargetAction action, String name, Response response) {
        Fleet.Member member = fleet.member(name);
        if (member == null) {
            Answers.error(response, 404, "not_found", "There is no target of this name.");
            return;
        }
        action.on(member, fleet);
        live.changed(action.told(), name);
        Fleet.Member after = fleet.member(name);
        TargetView now = TargetView.of(after == null ? member : after);
        Answers.json(response, 200, json -> {
            json.writeStartObject();
            json.writeStringProperty("target", now.name());
            json.writeStringProperty(
                    "state", now.member().drained() ? "drained" : now.circuit().word());
            json.writeStringProperty("circuit", now.circuit().word());
            json.writeBooleanProperty("forced", now.forced());
            json.writeBooleanProperty("drained", now.member().drained());
            json.writeEndObject();
        });
    }
}
