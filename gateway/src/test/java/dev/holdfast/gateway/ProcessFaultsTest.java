// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static dev.holdfast.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What processes suffer: killed providers, signals, new configurations, while requests run. Real processes, sockets and time. */
@Timeout(180)
class ProcessFaultsTest {
    private static final int STREAMS = 50;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path temp;

    private static HttpRequest request(URI gateway, String path, boolean stream) {
        return HttpRequest.newBuilder(URI.create(gateway + path))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(RunningGateway.chat(path, stream)))
                .build();
    }

    private static String path(int i) {
        return i % 2 == 0 ? OPENAI : ANTHROPIC;
    }

    @Test
    void aKilledProviderEndsEachOfFiftyStreamsWithAnErrorAndTheNextCallGoesElsewhere() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(STREAMS);
        try (ProcessUnderTest provider = ProcessUnderTest.simulator();
                RunningGateway running = RunningGateway.start("""
                    targets:
                      doomed: { provider: openai, base_url: "%s/v1", api_key: any, model: "sim/tokens=5000,rate=20" }
                      sound:  { provider: sim-anthropic, model: "tokens=3" }
                    models:
                      m: { targets: [doomed, sound] }
                    policies:
                      standard:
                        retry: { max_attempts: 3, backoff: { initial: 1ms, max: 10ms } }
                        limits: { ramp: { enabled: false } }
                    """.formatted(provider.uri))) {
            List<InputStream> bodies = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                HttpResponse<InputStream> response = client.send(
                        request(running.gateway.uri(), path(i), true), HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.headers().firstValue("x-holdfast-target")).hasValue("doomed");
                InputStream body = response.body();
                assertThat(body.read()).isPositive(); // its first content is there: nothing can be repeated any more
                bodies.add(body);
            }
            List<CompletableFuture<Ending>> endings = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                InputStream body = bodies.get(i);
                String path = path(i);
                endings.add(CompletableFuture.supplyAsync(() -> Ending.of(path, 200, rest(body)), readers));
            }

            provider.kill();

            for (CompletableFuture<Ending> ending : endings) {
                assertThat(ending.get(30, TimeUnit.SECONDS))
                        .isEqualTo(new Ending(Ending.Kind.EVENT, "stream_interrupted"));
            }
            HttpResponse<String> next = running.post(OPENAI, RunningGateway.chat(OPENAI, true));
            assertThat(next.headers().firstValue("x-holdfast-target")).hasValue("sound");
            assertThat(Ending.of(OPENAI, next.statusCode(), next.body()).kind()).isEqualTo(Ending.Kind.WHOLE);
        } finally {
            readers.shutdownNow();
        }
    }

    private static String rest(InputStream body) {
        try (body) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void sigtermUnderLoadLeavesNoRequestWithoutAnEnd() throws Exception {
        Path config = Files.writeString(temp.resolve("holdfast.yaml"), """
            drain_timeout: 1s
            targets:
              short: { provider: sim, model: "tokens=5" }
              long:  { provider: sim-anthropic, model: "tokens=400,rate=100" }
            models:
              m: { targets: [[short, long]] }
            """);
        try (Simulator simulator = Simulator.start(SimulatorOptions.defaults());
                ProcessUnderTest gateway = ProcessUnderTest.gateway(config, simulator.baseUri())) {
            // Connections of its own for each request: one that is kept could be closed just when it is used again.
            Crowd crowd =
                    new Crowd(24, (i, turn) -> Ending.of(client, request(gateway.uri, path(i), (i + turn) % 3 != 0)));
            await("load", () -> crowd.ended() > 50 && simulator.stats().open() > 8);

            gateway.terminate();

            assertThat(gateway.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            Map<String, Integer> endings = crowd.stop();
            System.out.println("SIGTERM under load: " + shortened(endings));
            assertThat(endings.keySet()).noneMatch(ending -> ending.startsWith("WRONG"));
            assertThat(endings).containsKeys("WHOLE", "EVENT draining");
            await("nothing is open upstream", () -> simulator.stats().open() == 0);
        }
    }

    private static String shortened(Map<String, Integer> endings) {
        return endings.entrySet().stream()
                .map(ending -> ending.getValue() + " "
                        + ending.getKey()
                                .substring(0, Math.min(60, ending.getKey().length())))
                .toList()
                .toString();
    }

    @Test
    void reloadsUnderLoadLoseNoRequest() throws Exception {
        String first = configuration("a: { provider: sim, model: \"tokens=5,rate=200\" }", "[a]", 3);
        String more = configuration(
                "a: { provider: sim, model: \"tokens=5,rate=200\" }\n"
                        + "  b: { provider: sim-anthropic, model: \"tokens=4\" }",
                "[[a, b]]",
                3);
        String policy = more.replace("max_attempts: 3", "max_attempts: 4");
        String less = configuration("b: { provider: sim-anthropic, model: \"tokens=4\" }", "[b]", 4);
        String bad = "targets: { a: { provider: nobody } }\nmodels: { m: { targets: [gone] } }\n";

        try (RunningGateway running = RunningGateway.start(first)) {
            Crowd crowd = new Crowd(
                    12, (i, turn) -> Ending.of(client, request(running.gateway.uri(), path(i), (i + turn) % 2 == 0)));
            for (int round = 0; round < 5; round++) {
                for (String yaml : List.of(first, more, policy, bad, less)) {
                    int before = crowd.ended();
                    running.rewrite(yaml);
                    if (yaml.equals(bad)) {
                        Assertions.assertThatThrownBy(running.gateway::reload).isInstanceOf(ConfigException.class);
                    } else {
                        running.gateway.reload();
                    }
                    await("requests after the reload", () -> crowd.ended() > before + 24);
                }
            }

            assertThat(crowd.stop()).containsOnlyKeys("WHOLE");
        }
    }

    private static String configuration(String targets, String tiers, int attempts) {
        return "targets:\n  " + targets + "\nmodels:\n  m: { targets: " + tiers
                + " }\npolicies:\n  standard: { retry: { max_attempts: " + attempts + " } }\n";
    }
}
