// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the gateway lets in, as clients and operators see it. Real sockets. */
@Timeout(60)
class AccessTest {
    private static final String YAML = """
        admin_key: the-admin-key-1
        clients:
          - { name: team-a, key: key-of-team-a, models: [m], requests_per_minute: 3 }
          - { name: team-b, key: key-of-team-b, tokens_per_minute: 1000 }
        targets:
          t: { provider: sim, model: "tokens=5" }
        models:
          m: { targets: [t] }
          n: { targets: [t] }
        """;

    private static HttpResponse<String> ask(RunningGateway running, String path, String key, String model)
            throws Exception {
        String body = RunningGateway.chat(path, false).replace("\"m\"", "\"" + model + "\"");
        HttpRequest.Builder request = running.request(path, body);
        if (!key.isEmpty()) {
            request.header(
                    path.equals(OPENAI) ? "authorization" : "x-api-key", path.equals(OPENAI) ? "Bearer " + key : key);
        }
        return running.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void clientsAreKnownByTheirKeysAndHeldToTheirModels() throws Exception {
        try (RunningGateway running = RunningGateway.start(YAML)) {
            for (String path : new String[] {OPENAI, ANTHROPIC}) {
                assertThat(ask(running, path, "", "m").statusCode()).isEqualTo(401);
                HttpResponse<String> wrong = ask(running, path, "key-of-nobody", "m");
                assertThat(wrong.statusCode()).isEqualTo(401);
                assertThat(wrong.body()).contains("invalid_api_key").doesNotContain("key-of-nobody");
                HttpResponse<String> notAllowed = ask(running, path, "key-of-team-a", "n");
                assertThat(notAllowed.statusCode()).isEqualTo(403);
                assertThat(notAllowed.body()).contains("model_not_allowed");
                assertThat(ask(running, path, "key-of-team-a", "m").statusCode())
                        .isEqualTo(200);
            }
            assertThat(ask(running, OPENAI, "key-of-team-b", "n").statusCode()).isEqualTo(200);
            RunningGateway.await("the records", () -> running.records.size() == 9);
            assertThat(running.records).anyMatch(record -> record.client().equals("team-a") && record.status() == 403);
            assertThat(running.records.toString()).doesNotContain("key-of-");
            assertThat(running.simulator.stats().requests()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC, "/v1/embeddings"})
    void aRequestThatAnyPageCouldSendIsRefused(String path) throws Exception {
        try (RunningGateway running = RunningGateway.start(YAML)) {
            for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded", "application/jsonl"}) {
                HttpResponse<String> refused = post(running, path, type, true);

                assertThat(refused.statusCode()).as(type).isEqualTo(415);
                assertThat(refused.body()).contains("unsupported_media_type", "application/json");
            }
            assertThat(post(running, path, "application/x-www-form-urlencoded", false)
                            .statusCode())
                    .as("as curl -d says it")
                    .isNotEqualTo(415);
            assertThat(post(running, path, "Application/JSON; charset=utf-8", true)
                            .statusCode())
                    .isNotEqualTo(415);
        }
    }

    private static HttpResponse<String> post(RunningGateway running, String path, String type, boolean ofAPage)
            throws Exception {
        HttpRequest.Builder request = running.request(path, RunningGateway.chat(path, false))
                .setHeader("content-type", type)
                .header("x-api-key", "key-of-team-a");
        if (ofAPage) {
            request.header("origin", "https://elsewhere.example");
        }
        return running.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aClientsOwnLimitIsToldAsItsOwn() throws Exception {
        try (RunningGateway running = RunningGateway.start(YAML)) {
            for (int i = 0; i < 3; i++) {
                assertThat(ask(running, OPENAI, "key-of-team-a", "m").statusCode())
                        .isEqualTo(200);
            }
            running.gateway.reload();

            HttpResponse<String> over = ask(running, OPENAI, "key-of-team-a", "m");

            assertThat(over.statusCode()).isEqualTo(429);
            assertThat(over.body()).contains("\"code\":\"client_rate_limit\"");
            assertThat(Integer.parseInt(over.headers().firstValue("retry-after").orElse("0")))
                    .isBetween(1, 20);
            assertThat(over.headers().firstValue("x-should-retry")).isEmpty();
        }
    }

    @Test
    void tokensAreChargedByWhatWasUsed() throws Exception {
        try (RunningGateway running = RunningGateway.start(YAML)) {
            // Each is estimated at more than 500 of the 1000, and uses a few: settled at once, many fit.
            for (int i = 0; i < 20; i++) {
                assertThat(ask(running, OPENAI, "key-of-team-b", "m").statusCode())
                        .as("call " + i)
                        .isEqualTo(200);
                int calls = i + 1;
                RunningGateway.await("the record", () -> running.records.size() == calls);
            }
        }
    }

    @Test
    void theListOfModelsIsTheClients() throws Exception {
        try (RunningGateway running = RunningGateway.start(YAML)) {
            HttpRequest.Builder list = HttpRequest.newBuilder(running.uri("/v1/models"));
            HttpResponse<String> nobody = running.client.send(list.build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> teamA = running.client.send(
                    list.header("authorization", "Bearer key-of-team-a").build(), HttpResponse.BodyHandlers.ofString());

            assertThat(nobody.statusCode()).isEqualTo(401);
            assertThat(teamA.body()).contains("\"id\":\"m\"").doesNotContain("\"id\":\"n\"");
        }
    }

    @Test
    void operatorsNeedTheirKeyToChangeAndNobodyNeedsOneToAskForHealth() throws Exception {
        try (RunningGateway running = RunningGateway.start(YAML)) {
            assertThat(get(running, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(running, "/health/ready").statusCode()).isEqualTo(200);
            assertThat(get(running, "/metrics").body()).contains("holdfast_");
            assertThat(get(running, "/api/state").body()).contains("\"targets\"");
            assertThat(get(running, "/nothing/here").statusCode()).isEqualTo(404);
            assertThat(admin(running, "/admin/targets/t/open", "wrong").statusCode())
                    .isEqualTo(401);
            assertThat(admin(running, "/admin/targets/t/open", "the-admin-key-1")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(ask(running, OPENAI, "key-of-team-a", "m").body()).contains("all_targets_unavailable");
            assertThat(admin(running, "/admin/targets/t/reset", "the-admin-key-1")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(ask(running, OPENAI, "key-of-team-a", "m").statusCode()).isEqualTo(200);
            assertThat(admin(running, "/admin/reload", "the-admin-key-1").statusCode())
                    .isEqualTo(200);
            assertThat(admin(running, "/admin/drain", "the-admin-key-1").statusCode())
                    .isEqualTo(200);
            assertThat(get(running, "/health/ready").statusCode()).isEqualTo(503);
            assertThat(ask(running, OPENAI, "key-of-team-a", "m").body()).contains("draining");
        }
    }

    private static HttpResponse<String> get(RunningGateway running, String path) throws Exception {
        return running.client.send(
                HttpRequest.newBuilder(running.uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> admin(RunningGateway running, String path, String key) throws Exception {
        return running.client.send(
                running.request(path, "{}")
                        .header("authorization", "Bearer " + key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
