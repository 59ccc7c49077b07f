// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import dev.holdfast.gateway.internal.observe.TargetView;
import dev.holdfast.gateway.internal.route.Fleet;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /admin/targets/{name}/{open,close,reset,drain,enable}}, {@code /admin/drain} and {@code /admin/reload}. Who may
 * is asked before; works off the event loop.
 */
final class AdminEndpoint implements Endpoint {
    private static final String TARGETS = "/admin/targets/";

    private final Fleet fleet;
    private final Operations operations;
    private final LiveFeed live;
    private final Executor executor;

    AdminEndpoint(Fleet fleet, Operations operations, LiveFeed live, Executor executor) {
        this.fleet = fleet;
        this.operations = operations;
        this.live = live;
        this.executor = executor;
    }

    @Override
    public void handle(Request request, Response response) {
        executor.execute(() -> {
            switch (request.path()) {
                case "/admin/drain" -> drain(response);
                case "/admin/reload" -> reload(response);
                default -> target(request.path(), response);
            }
        });
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

    private void target(String path, Response response) {
        int slash = path.indexOf('/', TARGETS.length());
        String name = path.startsWith(TARGETS) && slash > 0 ? decoded(path.substring(TARGETS.length(), slash)) : null;
        Fleet.Member member = name == null ? null : fleet.member(name);
        if (member == null) {
            notFound(response, name == null ? "there is nothing at this path" : "no target has the name " + name);
        } else if (act(path.substring(slash + 1), member)) {
            TargetView now = TargetView.of(member(member));
            Answers.json(response, 200, json -> {
                json.writeStartObject();
                json.writeStringProperty("target", now.name());
                json.writeStringProperty(
                        "state",
                        now.member().drained() ? "drained" : now.circuit().word());
                json.writeStringProperty("circuit", now.circuit().word());
                json.writeBooleanProperty("forced", now.forced());
                json.writeBooleanProperty("drained", now.member().drained());
                json.writeEndObject();
            });
        } else {
            notFound(response, "actions are open, close, reset, drain and enable");
        }
    }

    private Fleet.Member member(Fleet.Member before) {
        Fleet.Member now = fleet.member(before.target().name());
        return now == null ? before : now;
    }

    /** False if there is no such action. */
    private boolean act(String action, Fleet.Member member) {
        String name = member.target().name();
        switch (action) {
            case "open" -> member.engines().forEach(engine -> engine.forceOpen(member.target()));
            case "close" -> member.engines().forEach(engine -> engine.forceClosed(member.target()));
            case "reset" -> member.engines().forEach(engine -> engine.reset(member.target()));
            case "drain" -> fleet.drain(name);
            case "enable" -> fleet.enable(name);
            default -> {
                return false;
            }
        }
        live.changed(
                switch (action) {
                    case "open" -> "forced_open";
                    case "close" -> "forced_closed";
                    case "drain" -> "drained";
                    case "enable" -> "enabled";
                    default -> action;
                },
                name);
        return true;
    }

    private static void notFound(Response response, String message) {
        Answers.error(response, 404, "not_found", message);
    }

    /** A segment of a path; null where its escapes are broken. A plus is a plus there. */
    private static @Nullable String decoded(String segment) {
        try {
            return QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"));
        } catch (IllegalArgumentException broken) {
            return null;
        }
    }
}
