// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static dev.holdfast.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.internal.route.Fleet;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reload, drain and end of a gateway with real calls on real sockets. */
@Timeout(90)
class LifeTest {
    private static final String RETRY = "{ max_attempts: 3, backoff: { initial: 1ms, max: 10ms } }";

    @Test
    void aReloadUnderLoadLosesNothingAndKeepsAnOpenCircuit() throws Exception {
        String yaml = RunningGateway.yaml(RETRY, "500", "tokens=3");
        String changed = RunningGateway.yaml(RETRY.replace("3,", "4,"), "500", "tokens=3");

        try (RunningGateway running = RunningGateway.start(yaml)) {
            Fleet.Member broken = running.gateway.live().members().get(0);
            broken.engines().get(0).forceOpen(broken.target());
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger fine = new AtomicInteger();
            List<String> wrong = new ArrayList<>();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean stream = i % 2 == 0;
                Thread client = new Thread(() -> {
                    while (!stop.get()) {
                        HttpResponse<String> response = running.post(OPENAI, RunningGateway.chat(OPENAI, stream));
                        if (response.statusCode() == 200
                                && (!stream || response.body().endsWith("data: [DONE]\n\n"))
                                && response.headers()
                                        .firstValue("x-holdfast-attempts")
                                        .orElse("")
                                        .equals("1")) {
                            fine.incrementAndGet();
                        } else {
                            synchronized (wrong) {
                                wrong.add(response.statusCode() + " "
                                        + response.headers().map() + response.body());
                            }
                        }
                    }
                });
                client.start();
                clients.add(client);
            }
            for (int i = 0; i < 20; i++) {
                int before = fine.get();
                running.rewrite(i % 2 == 0 ? changed : yaml);
                running.gateway.reload();
                await("calls after the reload", () -> fine.get() > before + 10 || !wrong.isEmpty());
            }
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }

            assertThat(wrong).isEmpty();
            Fleet.Member after = running.gateway.live().members().get(0);
            Holdfast engine = after.engines().get(0);
            assertThat(engine).isNotSameAs(broken.engines().get(0));
            assertThat(engine.info(after.target()).circuit().state()).isEqualTo(CircuitState.OPEN);
        }
    }

    @Test
    void whatIsTheSameInBothConfigurationsKeepsItsEngine() throws Exception {
        try (RunningGateway running = RunningGateway.of("ok")) {
            Holdfast engine = running.gateway.live().engines().get(0);

            running.gateway.reload();

            assertThat(running.gateway.live().engines()).containsExactly(engine);
        }
    }

    @Test
    void aBadFileLeavesTheOldConfigurationRunning() {
        try (RunningGateway running = RunningGateway.of("ok")) {
            running.rewrite("targets: {}\nnonsense: 1\n");

            assertThatThrownBy(running.gateway::reload)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("nonsense");
            assertThat(running.post(OPENAI, RunningGateway.chat(OPENAI, false)).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aRunningStreamOutlivesAReloadThatRemovesItsTarget() throws Exception {
        try (RunningGateway running = RunningGateway.of("tokens=20,rate=40")) {
            try (InputStream body =
                    running.open(OPENAI, RunningGateway.chat(OPENAI, true)).body()) {
                body.read();
                running.rewrite("""
                    targets:
                      other: { provider: sim, model: "tokens=2" }
                    models:
                      m: { targets: [other], policy: quick }
                    policies:
                      quick: { retry: { max_attempts: 1 } }
                    """);

                running.gateway.reload();

                HttpResponse<String> next = running.post(OPENAI, RunningGateway.chat(OPENAI, false));
                assertThat(next.headers().firstValue("x-holdfast-target")).hasValue("other");
                assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                        .endsWith("data: [DONE]\n\n");
            }
        }
    }

    @Test
    void drainedTargetsGetNoCallsAndAllDrainedIsUnavailable() {
        try (RunningGateway running = RunningGateway.of("ok", "ok")) {
            running.gateway.live().drain("t0");
            HttpResponse<String> one = running.post(OPENAI, RunningGateway.chat(OPENAI, false));
            running.gateway.live().drain("t1");
            HttpResponse<String> none = running.post(OPENAI, RunningGateway.chat(OPENAI, false));
            running.gateway.live().enable("t0");
            HttpResponse<String> again = running.post(OPENAI, RunningGateway.chat(OPENAI, false));

            assertThat(one.headers().firstValue("x-holdfast-target")).hasValue("t1");
            assertThat(none.statusCode()).isEqualTo(503);
            assertThat(none.body()).contains("all_targets_unavailable");
            assertThat(again.headers().firstValue("x-holdfast-target")).hasValue("t0");
        }
    }

    @Test
    void drainingRefusesNewCallsAndFinishesWhatRuns() throws Exception {
        try (RunningGateway running = RunningGateway.of("tokens=20,rate=40")) {
            try (InputStream body =
                    running.open(OPENAI, RunningGateway.chat(OPENAI, true)).body()) {
                body.read();

                CompletableFuture<Void> drained = running.gateway.drain();

                HttpResponse<String> refused = running.post(OPENAI, RunningGateway.chat(OPENAI, false));
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).contains("\"code\":\"draining\"");
                assertThat(drained).isNotDone();
                assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                        .endsWith("data: [DONE]\n\n");
                drained.join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void whatTheEndOfTheGatewayCutsIsToldSo(String path) throws Exception {
        String yaml = "drain_timeout: 200ms\n" + RunningGateway.yaml(RETRY, "stall,after=2", "hang");
        RunningGateway running = RunningGateway.start(yaml);
        HttpResponse<InputStream> stream = running.open(path, RunningGateway.chat(path, true));
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        lines.readLine();
        running.gateway.live().drain("t0");
        CompletableFuture<HttpResponse<String>> plain = running.client.sendAsync(
                running.request(path, RunningGateway.chat(path, false)).build(), HttpResponse.BodyHandlers.ofString());
        await("both to run", () -> running.gateway.transport().inFlight() == 2);

        running.gateway.close();

        String rest = String.join("\n", lines.lines().toList());
        assertThat(rest)
                .contains("\"code\":\"draining\"")
                .doesNotContain("[DONE]")
                .doesNotContain("message_stop");
        assertThat(plain.join().statusCode()).isEqualTo(503);
        assertThat(plain.join().body()).contains("draining");
        assertThat(running.gateway.transport().inFlight()).isZero();
        assertThat(running.gateway.server().runningRequests()).isZero();
        running.close();
    }

    @Test
    void withoutAFileAnyModelOfAProviderWithAKeyCanBeAskedFor() throws Exception {
        try (dev.holdfast.simulator.Simulator simulator =
                        dev.holdfast.simulator.Simulator.start(dev.holdfast.simulator.SimulatorOptions.defaults());
                Gateway gateway = Gateway.start(GatewayOptions.withoutFile(simulator.baseUri())
                        .withEnvironment(name -> null)
                        .withListen("127.0.0.1", 0))) {
            assertThat(gateway.notices()).anyMatch(notice -> notice.contains("client key"));
            for (String model : List.of("default", "sim/tokens=2", "sim-anthropic/tokens=2")) {
                assertThat(post(gateway, model).statusCode()).as(model).isEqualTo(200);
            }
            assertThat(post(gateway, "openai/gpt-4o-mini").statusCode()).isEqualTo(404);
            assertThat(post(gateway, "nobody/x").statusCode()).isEqualTo(404);
            assertThat(gateway.live().member("sim/tokens=2")).isNotNull();
        }
    }

    private static HttpResponse<String> post(Gateway gateway, String model) throws Exception {
        return java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(URI.create(gateway.uri() + OPENAI))
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"model\":\"" + model
                                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
