// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.llm.Guarded;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.StreamEvent;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus sees of models before a real server: the gateway's names. */
@Timeout(120)
class PrometheusNamesTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void namesAndLabelsAreThoseOfTheGateway() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.llm("sim/fail=1", "sim/ok");
            HoldfastMetrics.of(llm).bindTo(registry);

            llm.complete("Hello").get(30, TimeUnit.SECONDS);
            List<StreamEvent> events = Streams.readAll(llm.stream("Hello"));
            Guarded.await(
                    "the stream has ended",
                    () -> !events.isEmpty() && events.get(events.size() - 1).isTerminal());

            assertThat(lines())
                    .contains("holdfast_calls_total{model=\"sim/fail=1\",outcome=\"success\"} 2.0")
                    .contains("holdfast_calls_total{model=\"sim/fail=1\",outcome=\"refused\"} 0.0")
                    .contains("holdfast_failovers_total{from=\"sim/fail=1\",to=\"sim/ok\"} 1.0")
                    .contains("holdfast_circuit_state{state=\"half_open\",target=\"sim/ok\"} 0.0")
                    .contains("holdfast_blocked{target=\"sim/ok\"} 0.0")
                    .contains("holdfast_paused{target=\"sim/ok\"} 0.0")
                    .contains("holdfast_in_flight{target=\"sim/ok\"} 0.0")
                    .contains("holdfast_waiting{target=\"sim/ok\"} 0.0");
            assertThat(registry.scrape())
                    .contains("holdfast_call_duration_seconds_bucket{model=\"sim/fail=1\",le=\"0.01\"}")
                    .contains(
                            "holdfast_attempts_total{category=\"server_error\",outcome=\"failure\",target=\"sim/fail=1\"}")
                    .contains("holdfast_first_content_seconds_bucket{target=")
                    .contains("holdfast_tokens_total{direction=\"input\",target=\"sim/ok\"}")
                    .contains("holdfast_budget_tokens{target=\"sim/ok\"}")
                    .contains("gen_ai_client_operation_duration_seconds_bucket{error_type=\"none\","
                            + "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\","
                            + "gen_ai_request_model=\"fail=1\"")
                    .contains("gen_ai_client_token_usage_bucket{")
                    .contains("le=\"6.7108864E7\"");
        }
    }

    private List<String> lines() {
        return registry.scrape().lines().toList();
    }

    /** Whoever reads metrics must not learn what was said, nor with which key. */
    @Test
    void neitherPromptsNorAnswersNorKeysAreInThem() throws Exception {
        try (Guarded guarded = new Guarded()) {
            Llm llm = guarded.builder()
                    .targets("sim/ok", "sim/401")
                    .key("sim", Secret.of("sk-very-secret"))
                    .build();
            HoldfastMetrics.of(llm).bindTo(registry);

            String answer = llm.complete("the word is xylophone")
                    .get(30, TimeUnit.SECONDS)
                    .text();

            assertThat(registry.scrape())
                    .contains("holdfast_calls_total")
                    .doesNotContain("xylophone", "very-secret", answer);
        }
    }
}
