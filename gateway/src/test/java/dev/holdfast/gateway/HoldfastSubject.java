// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.Holdfast;
import dev.holdfast.llm.conformance.Case;
import dev.holdfast.llm.conformance.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** This gateway. */
final class HoldfastSubject extends HttpSubject {
    private final Path file;
    private final Gateway gateway;

    private HoldfastSubject(Upstream upstream, Case asked, boolean circuit) throws IOException {
        super(asked);
        file = Files.createTempFile("holdfast", ".yaml");
        Files.writeString(file, yaml(upstream, asked, circuit));
        gateway = Gateway.start(GatewayOptions.file(file)
                .withEnvironment(name -> null)
                .withListen("127.0.0.1", 0)
                .withSimulator(upstream.simulator()));
    }

    static Maker maker() {
        return new Maker() {
            @Override
            public String name() {
                return "Holdfast";
            }

            @Override
            public Subject make(Upstream upstream, Case asked, boolean circuit) throws IOException {
                return new HoldfastSubject(upstream, asked, circuit);
            }
        };
    }

    private static String yaml(Upstream upstream, Case asked, boolean circuit) {
        StringBuilder targets = new StringBuilder("targets:\n");
        List<String> names = new ArrayList<>();
        for (String model : asked.models()) {
            String name = "t" + names.size();
            names.add(name);
            targets.append("  ")
                    .append(name)
                    .append(": { ")
                    .append(target(upstream, model))
                    .append(" }\n");
        }
        return targets
                + """
                models:
                  m: { targets: %s }
                policies:
                  standard:
                    retry: { max_attempts: 3, backoff: { kind: fixed, initial: 5ms, max: 5ms, jitter: none } }
                    timeouts: { first_content: %dms, idle: %dms }
                    circuit: { enabled: %s, recovery: 300ms, max_recovery: 300ms }
                """.formatted(names, Case.FIRST_CONTENT.toMillis(), Case.IDLE.toMillis(), circuit)
                + (asked.deadline() == null
                        ? ""
                        : "    deadline: " + asked.deadline().toMillis() + "ms\n");
    }

    private static String target(Upstream upstream, String model) {
        if (model.equals("gone")) {
            return "provider: openai, model: gone, api_key: sk-any, base_url: \"" + upstream.gone() + "/v1\"";
        }
        return model.startsWith("canned/")
                ? "provider: openai, model: " + model.substring("canned/".length()) + ", api_key: sk-any, base_url: \""
                        + upstream.canned() + "/v1\""
                : "provider: sim, model: \"" + model + "\"";
    }

    @Override
    URI uri() {
        return gateway.uri();
    }

    @Override
    String model() {
        return "m";
    }

    @Override
    Map<String, String> headers() {
        return Map.of();
    }

    @Override
    int attempts(HttpResponse<?> response) {
        return response.headers()
                .firstValue("x-holdfast-attempts")
                .map(Integer::parseInt)
                .orElse(0);
    }

    @Override
    public void awaitRecovery() {
        Holdfast engine = gateway.live().engines().get(0);
        RunningGateway.await("the circuit's open time is over", () -> engine.info(
                        gateway.live().members().get(0).target())
                .circuit()
                .retryIn()
                .isZero());
    }

    @Override
    public void close() {
        RunningGateway.conserved(gateway);
        gateway.close();
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
