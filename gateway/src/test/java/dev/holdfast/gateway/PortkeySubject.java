// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.llm.conformance.Case;
import dev.holdfast.llm.conformance.Subject;
import dev.holdfast.llm.foreign.NodeServers;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Portkey's gateway, configured as its documentation says: retries on the usual statuses, fallback in order, a request
 * timeout. It is told per request what stands behind it, so one process serves all cases.
 */
final class PortkeySubject extends HttpSubject {
    private final NodeServers.Running server;
    private final String config;

    private PortkeySubject(NodeServers.Running server, Upstream upstream, Case asked) {
        super(asked);
        this.server = server;
        long timeout = asked.deadline() == null
                ? Case.FIRST_CONTENT.toMillis()
                : asked.deadline().toMillis();
        String targets =
                asked.models().stream().map(model -> target(upstream, model)).collect(Collectors.joining(","));
        // Two retries are three tries, as on the other side.
        this.config =
                "{\"strategy\":{\"mode\":\"fallback\"},\"retry\":{\"attempts\":2,\"on_status_codes\":[408,429,500,502,503,504]},"
                        + "\"request_timeout\":" + timeout + ",\"targets\":[" + targets + "]}";
    }

    static Maker maker(NodeServers.Running server) {
        return new Maker() {
            @Override
            public String name() {
                return "Portkey";
            }

            @Override
            public Subject make(Upstream upstream, Case asked, boolean circuit) {
                return new PortkeySubject(server, upstream, asked);
            }
        };
    }

    private static String target(Upstream upstream, String model) {
        URI host = model.equals("gone")
                ? upstream.gone()
                : model.startsWith("canned/") ? upstream.canned() : upstream.simulator();
        String name = model.startsWith("canned/") ? model.substring("canned/".length()) : model;
        return "{\"provider\":\"openai\",\"api_key\":\"sk-any\",\"custom_host\":\"" + host
                + "/v1\",\"override_params\":{\"model\":\"" + name + "\"}}";
    }

    @Override
    URI uri() {
        return URI.create(server.url());
    }

    @Override
    String model() {
        return "m";
    }

    @Override
    Map<String, String> headers() {
        return Map.of("x-portkey-config", config);
    }

    /** What it states counts the retries of one target, not the attempts of the call. */
    @Override
    int attempts(HttpResponse<?> response) {
        return 0;
    }

    /** No call changes how the next one is treated, and each takes seconds of waits: they may as well run at once. */
    @Override
    public List<Seen> askInTurn(int calls) throws Exception {
        return askAtOnce(calls);
    }

    @Override
    public void awaitRecovery() {
        // leaves no target alone
    }

    @Override
    public void close() {
        // the server is its maker's
    }
}
