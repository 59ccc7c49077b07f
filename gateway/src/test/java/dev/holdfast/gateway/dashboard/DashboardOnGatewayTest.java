// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.Gateway;
import dev.holdfast.gateway.GatewayOptions;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The page in a real browser, before a real gateway with the simulator as its provider. Real time and sockets: a browser has
 * no other.
 */
@Timeout(120)
class DashboardOnGatewayTest {
    private static final String LIVE = "document.getElementById('feed-text').innerText === 'Live'";
    private static final String FLAKY = "#targets li:first-child .state";
    private static final String CONFIGURATION = """
        admin_key: night-shift
        targets:
          flaky:  { provider: sim, model: "fail=3" }
          steady: { provider: sim, model: "ok" }
        models:
          default: { targets: [flaky, steady] }
        policies:
          standard:
            retry:   { max_attempts: 2, backoff: { initial: 1ms, max: 10ms } }
            circuit: { failure_threshold: 3, recovery: 2s }
        """;

    private static Simulator simulator;

    private final HttpClient client = HttpClient.newHttpClient();
    private Path file;
    private Gateway gateway;
    private Page page;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void open(@TempDir Path directory) throws IOException, InterruptedException {
        HttpRequest reset = HttpRequest.newBuilder(simulator.baseUri().resolve("/__sim/reset"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(reset, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        file = directory.resolve("holdfast.yaml");
        page = Chromium.shared().page().shown(1440, 1000, "dark");
    }

    @AfterEach
    void close() {
        page.close();
        if (gateway != null) {
            gateway.close();
        }
    }

    private void serve(String yaml, String host, int port) throws IOException {
        Files.writeString(file, yaml);
        gateway = Gateway.start(GatewayOptions.file(file)
                .withEnvironment(Map.<String, String>of()::get)
                .withListen(host, port)
                .withSimulator(simulator.baseUri()));
    }

    private void serve() throws IOException {
        serve(CONFIGURATION, "127.0.0.1", 0);
        page.open(gateway.uri() + "/");
        page.until(LIVE);
        page.untilText("#targets", "steady");
    }

    private HttpResponse<String> call() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.uri() + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"default\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void awaitHistoryOf(String target) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.uri() + "/api/history"))
                .timeout(Duration.ofSeconds(20))
                .build();
        String history;
        do {
            history = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } while (history.contains("\"seconds\":0") || !history.contains(target));
    }

    private void enterKey(String key) {
        page.click("#admin-open");
        page.until("document.getElementById('key-dialog').open");
        page.type(key);
        page.press("Enter");
    }

    private void enterRightKey() {
        enterKey("night-shift");
        page.until("document.querySelector('.actions').offsetParent !== null");
    }

    @Test
    void circuitIsSeenToOpenAndToCloseAgain() throws IOException, InterruptedException {
        serve();
        page.untilText("#calls-empty", "curl -s " + gateway.uri() + "/v1/chat/completions");
        // The history begins with what it finds: that a circuit opened shows only after a second in which it was
        // closed.
        awaitHistoryOf("flaky");

        for (int i = 0; i < 3; i++) {
            assertThat(call().statusCode()).isEqualTo(200);
        }

        page.untilText(FLAKY, "Open");
        page.untilText("#gateway-state", "Degraded");
        page.until("document.querySelectorAll('.call').length === 3");
        assertThat(page.text(".call")).contains("answered", "flaky", "steady", "2×");
        JsonNode bars = page.value("[...document.querySelector('.call .fall').querySelectorAll('.bar')]"
                + ".map(b => b.dataset.kind).filter(k => k !== 'wait')");
        assertThat(bars.toString()).isEqualTo("[\"failure\",\"success\"]");
        page.untilText("#targets li:first-child .failures", "server error 3");

        page.untilText(FLAKY, "next call");
        call();

        page.untilText(FLAKY, "Closed");
        page.untilText("#gateway-state", "Ready");
        page.untilText("#changes", "back after");
        assertThat(page.text("#changes")).contains("flaky", "opened");
        assertThat(page.requests)
                .allMatch(address -> address.startsWith(gateway.uri().toString()));
        assertThat(page.complaints).isEmpty();
    }

    @Test
    void operatorOpensAndResetsATargetAndDrainsTheGateway() throws IOException, InterruptedException {
        serve();
        enterKey("guessed");
        page.untilText("#key-error", "This key is wrong.");
        page.value("document.getElementById('key-input').value = ''");
        page.type("night-shift");
        page.press("Enter");
        page.until("document.querySelector('.actions').offsetParent !== null");

        page.click("#targets li:first-child [data-action=open]");
        page.click("#confirm-yes");

        page.untilText("#toast", "flaky opened. State: open.");
        page.untilText(FLAKY, "set by hand");
        assertThat(call().headers().firstValue("x-holdfast-target")).contains("steady");

        page.click("#targets li:first-child [data-action=reset]");
        page.untilText(FLAKY, "Closed");

        page.click("#targets li:last-child [data-action=drain]");
        page.click("#confirm-yes");
        page.untilText("#targets li:last-child .state", "Drained");
        page.click("#targets li:last-child [data-action=enable]");
        page.untilText("#targets li:last-child .state", "Closed");

        page.click("#gateway-actions [data-action=drain]");
        page.click("#confirm-yes");
        page.untilText("#gateway-state", "Draining");
        assertThat(call().statusCode()).isEqualTo(503);
    }

    @Test
    void refusedConfigurationIsToldWithLineAndKey() throws IOException {
        serve();
        enterRightKey();
        Files.writeString(file, CONFIGURATION.replace("max_attempts: 2", "max_attempts: none"));

        page.click("#gateway-actions [data-action=reload]");
        page.click("#confirm-yes");

        page.untilText("#toast", "line 9, policies.standard.retry.max_attempts");
        Files.writeString(file, CONFIGURATION.replace("steady: ", "third: ").replace("steady]", "third]"));
        page.click("#gateway-actions [data-action=reload]");
        page.click("#confirm-yes");
        page.untilText("#targets", "third");
    }

    @Test
    void pageComesBackWhenTheGatewayHasStartedAgain() throws IOException {
        serve();
        int port = gateway.uri().getPort();

        gateway.close();
        page.untilText("#feed-text", "Not live");
        serve(CONFIGURATION.replace("steady", "spare"), "127.0.0.1", port);

        page.until(LIVE, Duration.ofSeconds(30));
        page.untilText("#targets", "spare");
    }

    @Test
    void beyondThisMachineThePageShowsNothingWithoutTheKey() throws IOException {
        serve(CONFIGURATION + "clients:\n  - { name: team-a, key: client-key }\n", "0.0.0.0", 0);
        page.open("http://127.0.0.1:" + gateway.uri().getPort() + "/");

        page.until("document.getElementById('key-dialog').open");
        assertThat(page.is("document.querySelectorAll('#targets li').length === 0"))
                .isTrue();
        page.type("night-shift");
        page.press("Enter");

        page.until(LIVE);
        page.untilText("#targets", "steady");
    }
}
