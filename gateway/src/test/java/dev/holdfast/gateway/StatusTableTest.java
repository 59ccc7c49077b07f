// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static dev.holdfast.gateway.RunningGateway.ANTHROPIC;
import static dev.holdfast.gateway.RunningGateway.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.internal.observe.CallRecord;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every row of the table of errors, as clients of both dialects see it. Real sockets. */
@Timeout(60)
class StatusTableTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String CONTEXT = "{\"error\":{\"message\":\"This model's maximum context length is 8192"
            + " tokens.\",\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}";
    private static final String FILTER = "{\"error\":{\"message\":\"The response was"
            + " filtered\",\"type\":null,\"param\":\"prompt\",\"code\":\"content_filter\"}}";
    private static final String QUOTA =
            "{\"error\":{\"message\":\"You exceeded your current quota, please check your plan and billing"
                    + " details.\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}";

    /** What the provider says; then status and code for OpenAI's clients, status and type for Anthropic's. */
    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of(400, "", 400, "invalid_request", 400, "invalid_request_error"),
                Arguments.of(400, CONTEXT, 400, "context_length", 400, "invalid_request_error"),
                Arguments.of(400, FILTER, 400, "content_filter", 400, "invalid_request_error"),
                Arguments.of(413, "", 413, "request_too_large", 413, "request_too_large"),
                Arguments.of(409, "", 409, "conflict", 409, "invalid_request_error"),
                Arguments.of(429, "", 429, "rate_limit", 429, "rate_limit_error"),
                Arguments.of(429, QUOTA, 502, "upstream_quota", 502, "api_error"),
                Arguments.of(401, "", 502, "upstream_auth", 502, "api_error"),
                Arguments.of(403, "", 502, "upstream_permission", 502, "api_error"),
                Arguments.of(404, "", 502, "upstream_model", 502, "api_error"),
                Arguments.of(503, "", 503, "overloaded", 529, "overloaded_error"),
                Arguments.of(500, "", 502, "server_error", 502, "api_error"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void finalFailuresHaveTheirStatusAndCode(
            int upstreamStatus, String body, int openAi, String code, int anthropic, String type) {
        byte[] said = (body.isEmpty() ? "{\"error\":{\"message\":\"no\",\"type\":\"x\",\"code\":null}}" : body)
                .getBytes(StandardCharsets.UTF_8);
        try (ScriptedUpstream upstream = new ScriptedUpstream(upstreamStatus, "application/json", said)) {
            for (String path : new String[] {OPENAI, ANTHROPIC}) {
                for (boolean stream : new boolean[] {false, true}) {
                    try (RunningGateway running = RunningGateway.start("""
                        targets:
                          t: { provider: openai, base_url: "%s", model: up, api_key: our-key }
                        models:
                          m: { targets: [t] }
                        policies:
                          standard:
                            retry: { max_attempts: 2, backoff: { initial: 1ms, max: 10ms } }
                        """.formatted(upstream.baseUrl()))) {
                        HttpResponse<String> response = running.post(path, RunningGateway.chat(path, stream));

                        JsonNode error = JSON.readTree(response.body());
                        boolean openAiClient = path.equals(OPENAI);
                        assertThat(response.statusCode())
                                .as(path + " " + response.body())
                                .isEqualTo(openAiClient ? openAi : anthropic);
                        assertThat(error.at("/error/code").stringValue()).isEqualTo(code);
                        if (!openAiClient) {
                            assertThat(error.at("/error/type").stringValue()).isEqualTo(type);
                            assertThat(error.at("/request_id").stringValue())
                                    .isEqualTo(response.headers()
                                            .firstValue("x-holdfast-call-id")
                                            .orElseThrow());
                        }
                        RunningGateway.await("the record", () -> running.records.size() == 1);
                        CallRecord record = running.records.get(0);
                        assertThat(record.status()).isEqualTo(response.statusCode());
                        assertThat(record.code()).isEqualTo(code);
                        assertThat(record.outcome()).isEqualTo("failure");
                        boolean vain = record.attempts().size() > 1 || code.startsWith("upstream_");
                        assertThat(response.headers().firstValue("x-should-retry"))
                                .isEqualTo(vain ? java.util.Optional.of("false") : java.util.Optional.empty());
                        assertThat(response.body()).doesNotContain("our-key");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "refuse, 502, network",
        "reset, 502, network",
        "empty, 502, empty_response",
        "malformed, 502, server_error"
    })
    void whatIsNoAnswerIsABadGateway(String fault, int status, String code) {
        try (RunningGateway running = RunningGateway.of(fault)) {
            HttpResponse<String> response = running.post(OPENAI, RunningGateway.chat(OPENAI, false));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            assertThat(JSON.readTree(response.body()).at("/error/code").stringValue())
                    .isEqualTo(code);
        }
    }

    @Test
    void timeoutsAndDeadlinesAreGatewayTimeouts() {
        String base = RunningGateway.yaml("{ max_attempts: 1 }", "hang");
        try (RunningGateway running = RunningGateway.start(base + "    timeouts: { attempt: 200ms }\n")) {
            HttpResponse<String> response = running.post(OPENAI, RunningGateway.chat(OPENAI, false));

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("\"code\":\"timeout\"");
        }
        try (RunningGateway running = RunningGateway.start(base + "    deadline: 200ms\n")) {
            HttpResponse<String> response = running.post(ANTHROPIC, RunningGateway.chat(ANTHROPIC, false));

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("\"code\":\"deadline\"").contains("timeout_error");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void anOpenCircuitIsAllTargetsUnavailableWithItsReturn(String path) {
        try (RunningGateway running = RunningGateway.of("ok")) {
            running.gateway.live().members().forEach(member -> member.engines()
                    .get(0)
                    .forceOpen(member.target()));

            HttpResponse<String> byHand = running.post(path, RunningGateway.chat(path, false));

            assertThat(byHand.statusCode()).isEqualTo(503);
            assertThat(byHand.body()).contains("\"code\":\"all_targets_unavailable\"");
            assertThat(byHand.headers().firstValue("x-holdfast-attempts")).isEmpty();
            RunningGateway.await("the record", () -> running.records.size() == 1);
            assertThat(running.records.get(0).outcome()).isEqualTo("refused");
        }
        String yaml = RunningGateway.yaml("{ max_attempts: 1 }", "500")
                + "    circuit: { failure_threshold: 1, minimum_attempts: 1, recovery: 30s }\n";
        try (RunningGateway running = RunningGateway.start(yaml)) {
            running.post(path, RunningGateway.chat(path, false));

            HttpResponse<String> open = running.post(path, RunningGateway.chat(path, false));

            assertThat(open.statusCode()).as(open.body()).isEqualTo(503);
            assertThat(open.body()).contains("\"code\":\"all_targets_unavailable\"");
            assertThat(Integer.parseInt(open.headers().firstValue("retry-after").orElse("0")))
                    .isBetween(10, 60);
        }
    }

    @Test
    void aStatedWaitReachesTheClient() {
        try (RunningGateway running = RunningGateway.of("429,retry-after=400")) {
            HttpResponse<String> response = running.post(OPENAI, RunningGateway.chat(OPENAI, false));

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("retry-after")).hasValue("400");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"nobody\"} | 404 | model_not_found",
                "{\"model\":1} | 400 | invalid_request",
                "{} | 400 | invalid_request",
                "nonsense | 400 | invalid_request",
                "{\"model\":\"m\",\"model\":\"m\"} | 400 | invalid_request"
            })
    void requestsThatCannotBeReadOrNameNoModelAreTheClientsFault(String body, int status, String code) {
        try (RunningGateway running = RunningGateway.of("ok")) {
            for (String path : new String[] {OPENAI, ANTHROPIC}) {
                HttpResponse<String> response = running.post(path, body);

                assertThat(response.statusCode()).isEqualTo(status);
                assertThat(JSON.readTree(response.body()).at("/error/code").stringValue())
                        .isEqualTo(code);
                assertThat(response.headers().firstValue("x-holdfast-call-id")).isPresent();
            }
            assertThat(running.simulator.stats().requests()).isZero();
            RunningGateway.await("the records", () -> running.records.size() == 2);
            assertThat(running.records).allSatisfy(record -> {
                assertThat(record.model()).isEqualTo("unknown");
                assertThat(record.outcome()).isEqualTo("refused");
            });
        }
    }

    @Test
    void theIdOfACallIsTheSimulatorsToo() {
        try (RunningGateway running = RunningGateway.of("fail=2")) {
            HttpResponse<String> response = running.post(OPENAI, RunningGateway.chat(OPENAI, false));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            String id = response.headers().firstValue("x-holdfast-call-id").orElseThrow();
            assertThat(running.simulator.stats().attemptsPerCall()).containsEntry(id, 3L);
            assertThat(response.headers().firstValue("x-holdfast-attempts")).hasValue("3");
        }
    }
}
