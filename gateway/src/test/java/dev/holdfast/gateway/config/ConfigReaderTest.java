// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import static dev.holdfast.gateway.config.Reading.problems;
import static dev.holdfast.gateway.config.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.gateway.config.GatewayConfig.AccessLog;
import dev.holdfast.gateway.config.GatewayConfig.Limits;
import dev.holdfast.gateway.config.GatewayConfig.Listen;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.llm.Secret;
import dev.holdfast.retry.Jitter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a configuration file says, key by key. */
class ConfigReaderTest {
    /** As the design has it, to the letter. */
    static final String DESIGN = """
            listen: { host: 127.0.0.1, port: 4000 }
            admin_key: ${HOLDFAST_ADMIN_KEY:-}
            clients:
              - { name: team-a, key: ${TEAM_A_KEY}, models: [default], requests_per_minute: 600 }
            targets:
              gpt:    { provider: openai,    model: gpt-4o-mini,      api_key: ${OPENAI_API_KEY} }
              claude: { provider: anthropic, model: claude-haiku-4-5, api_key: ${ANTHROPIC_API_KEY} }
              local:  { provider: openai, base_url: http://127.0.0.1:11434/v1, model: llama3 }
            models:
              default: { targets: [gpt, claude], policy: standard }         # flat list = failover order, everywhere; an inner list is one balanced tier: [[gpt, claude], local]
            policies:
              standard:
                deadline: 2m
                retry:    { max_attempts: 3, backoff: { initial: 1s, max: 60s, multiplier: 2, jitter: full } }
                circuit:  { failure_threshold: 5, failure_rate: 0.5, minimum_attempts: 20, recovery: 60s, half_open_max_calls: 3 }
                timeouts: { connect: 10s, first_content: 60s, idle: 60s, attempt: 10m }
                hedge:    { enabled: false, quantile: 0.95 }
                budget:   { capacity: 500, cost: 14, throttled_cost: 5, refill_per_second: 0.1 }   # per target
            """;

    @Test
    void theFileOfTheDesignIsRead() {
        GatewayConfig config = read(DESIGN);

        assertThat(config.listen()).isEqualTo(new Listen("127.0.0.1", 4000, Set.of()));
        assertThat(config.adminKey()).isNull();
        assertThat(config.clients())
                .containsExactly(
                        new GatewayConfig.Client("team-a", Secret.of("team-a-key"), Set.of("default"), 600, 0));
        assertThat(config.targets().keySet()).containsExactly("gpt", "claude", "local");
        assertThat(config.targets().get("claude").endpoint().preset().dialect()).isEqualTo("anthropic");
        assertThat(config.models().get("default"))
                .isEqualTo(new GatewayConfig.Model(
                        "default", List.of(Map.of("gpt", 1.0), Map.of("claude", 1.0)), "standard"));
        assertThat(config.policies())
                .isEqualTo(Map.of(
                        "standard",
                        ResilienceConfig.defaults()
                                .withCircuit(CircuitConfig.defaults().withRecovery(Duration.ofSeconds(60)))
                                .withDeadline(Duration.ofMinutes(2))));
        assertThat(config.openModels()).isFalse();
        assertThat(config.publicObservability()).isFalse();
        assertThat(config.keepAlive()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.limits()).isEqualTo(Limits.defaults());
        assertThat(config.accessLog()).isEqualTo(new AccessLog(false, null));
    }

    @Test
    void aKeyOfTheEnvironmentDoesNotGoToAnotherHost() {
        TargetConfig local = read(DESIGN).targets().get("local");

        assertThat(local.endpoint().key()).isNull();
        assertThat(local.endpoint().baseUrl()).isEqualTo(URI.create("http://127.0.0.1:11434/v1"));
    }

    @Test
    void nothingThatIsPrintedShowsAKey() {
        String shown = read(DESIGN).toString();

        assertThat(shown).doesNotContain("team-a-key").doesNotContain("sk-openai");
    }

    @Test
    void jitterIsAWord() {
        GatewayConfig config = read(Reading.SMALL + """
                policies:
                  standard: { retry: { backoff: { jitter: equal } } }
                """);

        assertThat(config.policies().get("standard").retry().backoff().jitter()).isEqualTo(Jitter.EQUAL);
    }

    @Test
    void everyProblemIsToldAtOnceInTheOrderOfLines() {
        List<String> problems = problems("""
                listen: { host: 0.0.0.0, port: 70000 }
                targets:
                  gpt: { provider: opnai, model: gpt-4o-mini }
                models:
                  default: { targets: [gtp], policy: nobody }
                policies:
                  standard: { deadline: soon, retry: { max_atempts: 3 } }
                """);

        assertThat(problems).hasSize(7);
        assertThat(problems.get(0)).startsWith("1 listen.port: must be a whole number from 0 to 65535");
    }
}
