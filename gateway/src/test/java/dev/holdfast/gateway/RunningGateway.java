// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.EngineInfo;
import dev.holdfast.Holdfast;
import dev.holdfast.gateway.internal.observe.CallRecord;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A gateway before a simulator, both on real sockets, and what it tells about its calls. */
final class RunningGateway implements AutoCloseable {
    static final String OPENAI = "/v1/chat/completions";
    static final String ANTHROPIC = "/v1/messages";

    final Simulator simulator;
    final Gateway gateway;
    final List<CallRecord> records = new CopyOnWriteArrayList<>();
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path file;

    private RunningGateway(Simulator simulator, Path file, Gateway gateway) {
        this.simulator = simulator;
        this.file = file;
        this.gateway = gateway;
        gateway.service().observe(records::add);
    }

    /** @param yaml without {@code listen}; {@code sim} and {@code sim-anthropic} are the simulator's two faces */
    static RunningGateway start(String yaml) {
        try {
            Simulator simulator = Simulator.start(SimulatorOptions.defaults());
            Path file = Files.createTempFile("holdfast", ".yaml");
            Files.writeString(file, yaml);
            GatewayOptions options = GatewayOptions.file(file)
                    .withEnvironment(name -> null)
                    .withListen("127.0.0.1", 0)
                    .withSimulator(simulator.baseUri());
            return new RunningGateway(simulator, file, Gateway.start(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One model {@code m} with these simulator behaviours as targets in failover order, {@code a:} before Anthropic's. */
    static RunningGateway of(String... behaviours) {
        return start(yaml("{ max_attempts: 3, backoff: { initial: 1ms, max: 10ms } }", behaviours));
    }

    static String yaml(String retry, String... behaviours) {
        StringBuilder targets = new StringBuilder("targets:\n");
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < behaviours.length; i++) {
            boolean anthropic = behaviours[i].startsWith("a:");
            targets.append("  t%d: { provider: %s, model: \"%s\" }%n"
                    .formatted(i, anthropic ? "sim-anthropic" : "sim", behaviours[i].substring(anthropic ? 2 : 0)));
            names.append(i == 0 ? "" : ", ").append('t').append(i);
        }
        return targets + "models:\n  m: { targets: [" + names + "] }\npolicies:\n  standard:\n    retry: " + retry
                + "\n";
    }

    void rewrite(String yaml) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri(String path) {
        return URI.create(gateway.uri() + path);
    }

    HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> post(String path, String body) {
        try {
            return client.send(request(path, body).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<InputStream> open(String path, String body) {
        try {
            return client.send(request(path, body).build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A short conversation in the dialect of the path. */
    static String chat(String path, boolean stream) {
        return "{\"model\":\"m\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]"
                + (stream ? ",\"stream\":true" : "") + "}";
    }

    /** Waits for something that other threads bring about; fails after ten seconds. */
    static void await(String what, BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /** Nothing of any call is left: neither at the engines nor in the transport nor in the server. */
    void conserved() {
        conserved(gateway);
    }

    static void conserved(Gateway gateway) {
        await("no running request", () -> gateway.server().runningRequests() == 0);
        await("no exchange", () -> gateway.transport().inFlight() == 0);
        for (Holdfast engine : gateway.live().engines()) {
            await("no slot, probe, waiter of " + engine.info(), () -> {
                EngineInfo info = engine.info();
                return info.inFlight() == 0 && info.liveProbes() == 0 && info.waiters() == 0;
            });
        }
    }

    @Override
    public void close() {
        try {
            conserved();
        } finally {
            gateway.close();
            simulator.close();
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
