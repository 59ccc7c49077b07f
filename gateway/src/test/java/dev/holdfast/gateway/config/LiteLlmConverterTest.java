// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LiteLLM's configuration becomes ours, and what does not is named. Files of the shapes that its users have. */
class LiteLlmConverterTest {
    /** Two regions of one model, balanced, with a fallback; all common settings. */
    static final String TYPICAL = """
            model_list:
              - model_name: gpt-4o
                litellm_params:
                  model: azure/gpt-4o-eu
                  api_base: https://eu.openai.azure.com/
                  api_key: os.environ/AZURE_EU_KEY
                  api_version: "2024-10-21"
                  rpm: 600
                model_info:
                  id: eu
              - model_name: gpt-4o
                litellm_params:
                  model: azure/gpt-4o-us
                  api_base: https://us.openai.azure.com/
                  api_key: os.environ/AZURE_US_KEY
                  rpm: 1200
              - model_name: claude
                litellm_params:
                  model: anthropic/claude-haiku-4-5
                  api_key: os.environ/ANTHROPIC_API_KEY
                  max_tokens: 1024
            router_settings:
              routing_strategy: simple-shuffle
              num_retries: 4
              timeout: 30
              allowed_fails: 3
              cooldown_time: 30
              fallbacks: [{"gpt-4o": ["claude"]}]
              retry_policy:
                RateLimitErrorRetries: 3
                AuthenticationErrorRetries: 0
            litellm_settings:
              drop_params: true
              success_callback: ["langfuse"]
            general_settings:
              master_key: os.environ/LITELLM_MASTER_KEY
              database_url: os.environ/DATABASE_URL
            """;

    /** Any variable is set. */
    private static final Function<String, @Nullable String> ALL_SET =
            name -> name.endsWith("_BASE") ? "https://base.example" : name.endsWith("_KEY") ? "value-of-" + name : null;

    private static GatewayConfig converted(String litellm) {
        return new ConfigReader(ALL_SET).read("ours.yaml", LiteLlmConverter.convert("litellm.yaml", litellm).yaml());
    }

    private static List<String> notes(String litellm) {
        return LiteLlmConverter.convert("litellm.yaml", litellm).notes().stream()
                .map(note -> note.line() + " " + note.key() + ": " + note.message())
                .toList();
    }

    private static String one(String params) {
        return "model_list:\n  - model_name: m\n    litellm_params: { " + params + " }\n";
    }

    private static ResilienceConfig standard(GatewayConfig config) {
        return Objects.requireNonNull(config.policies().get("standard"));
    }

    @Test
    void equalNamesAreOneTierByWeightAndFallbacksAreLaterTiers() {
        GatewayConfig config = converted(TYPICAL);

        assertThat(config.models().get("gpt-4o").tiers())
                .containsExactly(
                        Map.of("azure-openai-gpt-4o-eu", 1.0, "azure-openai-gpt-4o-us", 2.0),
                        Map.of("anthropic-claude-haiku-4-5", 1.0));
        assertThat(config.models().get("claude").tiers()).containsExactly(Map.of("anthropic-claude-haiku-4-5", 1.0));
        GatewayConfig.TargetConfig eu = config.targets().get("azure-openai-gpt-4o-eu");
        assertThat(eu.endpoint().baseUrl()).hasToString("https://eu.openai.azure.com/openai/v1");
        assertThat(Objects.requireNonNull(eu.endpoint().key()).reveal()).isEqualTo("value-of-AZURE_EU_KEY");
    }

    @Test
    void settingsBecomeAPolicy() {
        ResilienceConfig policy = standard(converted(TYPICAL));

        assertThat(policy.retry().maxAttempts()).isEqualTo(5);
        assertThat(policy.retry().attemptsPerCategory()).containsEntry(Category.RATE_LIMIT, 4);
        assertThat(policy.timeouts().attempt()).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.timeouts().firstContent()).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.circuit().failureThreshold()).isEqualTo(4);
        assertThat(policy.circuit().recovery()).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.limits().pacing().requestsPerMinute()).isEqualTo(600);
    }

    @Test
    void theMasterKeyIsTheAdminsAndAClients() {
        GatewayConfig config = converted(TYPICAL);

        assertThat(Objects.requireNonNull(config.adminKey()).reveal()).isEqualTo("value-of-LITELLM_MASTER_KEY");
        assertThat(config.clients()).singleElement().satisfies(client -> assertThat(client.key())
                .isEqualTo(config.adminKey()));
    }

    @Test
    void whatHasNoEquivalentIsNamedWithItsLine() {
        assertThat(notes(TYPICAL)).satisfiesExactly(
                version -> assertThat(version).startsWith("7 model_list[0].litellm_params.api_version: is not needed"),
                rpm -> assertThat(rpm).startsWith("11 model_list[1].litellm_params.rpm: belongs to the policy"),
                // the fallback states none
                claude -> assertThat(claude).startsWith("17 model_list[2].litellm_params.rpm: belongs to the policy"),
                tokens -> assertThat(tokens).startsWith("21 model_list[2].litellm_params.max_tokens: has no equivalent"),
                retries -> assertThat(retries).startsWith("31 router_settings.retry_policy.AuthenticationErrorRetries:"),
                drop -> assertThat(drop).startsWith("33 litellm_settings.drop_params: is not needed"),
                callback -> assertThat(callback).startsWith("34 litellm_settings.success_callback: has no equivalent"),
                key -> assertThat(key).startsWith("36 general_settings.master_key: is both"),
                database -> assertThat(database).startsWith("37 general_settings.database_url: is not needed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model: gpt-4o | openai | gpt-4o",
                "model: openai/gpt-4o | openai | gpt-4o",
                "model: claude-haiku-4-5 | anthropic | claude-haiku-4-5",
                "model: anthropic/claude-haiku-4-5 | anthropic | claude-haiku-4-5",
                "model: azure/deployment | azure-openai | deployment",
                "model: groq/llama-3.3-70b-versatile | groq | llama-3.3-70b-versatile",
                "model: together_ai/meta-llama/Llama-3 | together | meta-llama/Llama-3",
                "model: openrouter/openai/gpt-4o | openrouter | openai/gpt-4o",
                "'model: ollama/llama3:8b, api_base: http://localhost:11434' | ollama | llama3:8b",
                "model: ollama_chat/llama3 | ollama | llama3",
                "model: mistral/mistral-small-latest | mistral | mistral-small-latest",
                "model: deepseek/deepseek-chat | deepseek | deepseek-chat",
                "model: xai/grok-3 | xai | grok-3",
                "model: fireworks_ai/accounts/fireworks/models/x | fireworks | accounts/fireworks/models/x",
                "model: gemini/gemini-2.5-flash | gemini | gemini-2.5-flash",
                "'model: hosted_vllm/facebook/opt, api_base: \"http://gpu:8000/v1\"' | vllm | facebook/opt",
                "model: cerebras/llama3.1-8b | openai | llama3.1-8b",
                "'model: my-model, api_base: \"http://gpu:8000/v1\"' | openai | my-model",
                "'model: somewhere/my-model, api_base: \"http://gpu:8000/v1\"' | openai | my-model",
                "'model: my-model, custom_llm_provider: groq' | groq | my-model",
            })
    void providersBecomeOurs(String params, String provider, String model) {
        GatewayConfig.TargetConfig target = converted(one(params.replaceAll("^'|'$", "")))
                .targets()
                .values()
                .iterator()
                .next();

        assertThat(target.endpoint().preset().name()).isEqualTo(provider);
        assertThat(target.model()).isEqualTo(model);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bedrock/anthropic.claude-v2",
                "vertex_ai/gemini-pro",
                "cohere/command-r",
                "gemini-pro",
                "openai/*",
                "unheard/of"
            })
    void whatCannotBeConvertedIsNamedAndTheRestIsConverted(String model) {
        String file = "model_list:\n  - model_name: gone\n    litellm_params: { model: \"" + model + "\" }\n"
                + "  - { model_name: kept, litellm_params: { model: ollama/x } }\n";

        assertThat(notes(file)).singleElement().satisfies(note -> assertThat(note).matches("[23] model_list\\[0].*"));
        assertThat(converted(file).models().keySet()).containsExactly("kept");
        assertThatThrownBy(() -> LiteLlmConverter.convert("l.yaml", file.substring(0, file.indexOf("  - {"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("holds no model that can be converted");
    }

    @Test
    void ordersAreTiersAndWeightsShareThem() {
        GatewayConfig config = converted("""
                model_list:
                  - { model_name: m, litellm_params: { model: ollama/c, order: 2 } }
                  - { model_name: m, litellm_params: { model: ollama/a, order: 1, weight: 3 } }
                  - { model_name: m, litellm_params: { model: ollama/b, order: 1, weight: 1 } }
                  - { model_name: m, litellm_params: { model: ollama/d } }
                """);

        assertThat(config.models().get("m").tiers())
                .containsExactly(
                        Map.of("ollama-a", 3.0, "ollama-b", 1.0), Map.of("ollama-c", 1.0), Map.of("ollama-d", 1.0));
        assertThat(standard(config).retry().maxAttempts()).isEqualTo(4);
    }

    @Test
    void fallbacksOfFallbacksAndTheDefaultOnesFollowAndCirclesEnd() {
        GatewayConfig config = converted("""
                model_list:
                  - { model_name: a, litellm_params: { model: ollama/a } }
                  - { model_name: b, litellm_params: { model: ollama/b } }
                  - { model_name: c, litellm_params: { model: ollama/c } }
                  - { model_name: d, litellm_params: { model: ollama/d } }
                litellm_settings:
                  fallbacks: [{ a: [b] }, { b: [c, a] }, { x: [a] }, { c: [nobody] }]
                  default_fallbacks: [d]
                  context_window_fallbacks: [{ a: [d] }]
                router_settings:
                  model_group_alias: { fast: a, hidden: { model: b, hidden: true } }
                """);

        assertThat(config.models().get("a").tiers())
                .extracting(tier -> tier.keySet().iterator().next())
                .containsExactly("ollama-a", "ollama-b", "ollama-c", "ollama-d");
        assertThat(config.models().get("fast").tiers())
                .isEqualTo(config.models().get("a").tiers());
        assertThat(config.models()).containsKey("hidden");
    }

    @Test
    void modelsWithOtherSettingsHaveOtherPolicies() {
        GatewayConfig config = converted("""
                model_list:
                  - model_name: quick
                    litellm_params: { model: groq/x, timeout: 2.5, stream_timeout: 1, num_retries: 0, max_parallel_requests: 7 }
                  - model_name: plain
                    litellm_params: { model: groq/y }
                  - model_name: plain2
                    litellm_params: { model: groq/z }
                """);

        ResilienceConfig quick = config.policies().get(config.models().get("quick").policy());
        assertThat(quick.retry().maxAttempts()).isEqualTo(1);
        assertThat(quick.timeouts().attempt()).isEqualTo(Duration.ofMillis(2500));
        assertThat(quick.timeouts().firstContent()).isEqualTo(Duration.ofSeconds(1));
        assertThat(quick.limits().concurrency().fixed()).isEqualTo(7);
        assertThat(config.policies().get(config.models().get("plain").policy())).isEqualTo(ResilienceConfig.defaults());
        assertThat(config.models().get("plain2").policy())
                .isEqualTo(config.models().get("plain").policy());
    }

    @Test
    void cooldownsThatAreOffAreCircuitsThatAreOff() {
        String model = "model_list: [{ model_name: m, litellm_params: { model: ollama/x } }]\n";

        assertThat(standard(converted(model + "router_settings: { disable_cooldowns: true }\n")).circuit().enabled())
                .isFalse();
        assertThat(standard(converted(model + "router_settings: { cooldown_time: 0 }\n")).circuit().enabled())
                .isFalse();
        assertThat(standard(converted(model)).circuit().enabled()).isTrue();
    }

    @Test
    void keysAndSignsComeThroughAsTheyAre() {
        GatewayConfig config = converted(one(
                "model: openai/m, api_key: \"sk-'$x${Y}: #\", api_base: \"https://h.example/v1\","
                        + " extra_headers: { X-Team: \"a, b\", Authorization: x }"));

        GatewayConfig.TargetConfig target = config.targets().get("openai-m");
        assertThat(Objects.requireNonNull(target.endpoint().key()).reveal()).isEqualTo("sk-'$x${Y}: #");
        assertThat(target.headers()).containsExactly(Map.entry("x-team", "a, b"));
        assertThat(notes(one("model: openai/m, api_key: sk-secret")))
                .singleElement()
                .satisfies(note -> assertThat(note).contains("copied as it stands").doesNotContain("sk-secret"));
    }

    @Test
    void variablesOfProvidersThatHaveOtherNamesAreWrittenOut() {
        String yaml = LiteLlmConverter.convert("l.yaml", one("model: azure/d") + one("model: together_ai/t").substring(12))
                .yaml();

        Matcher references = Pattern.compile("\\$\\{(\\w+)}").matcher(yaml);
        assertThat(references.results().map(result -> result.group(1)).toList())
                .containsExactly("AZURE_API_BASE", "AZURE_API_KEY", "TOGETHERAI_API_KEY");
    }

    @Test
    void noShapeOfTheFileIsAnotherFailure() {
        for (String file : List.of(
                "",
                "model_list:",
                "model_list: 3",
                "model_list: [3, [], {}, {model_name: a}, {model_name: [], litellm_params: 3}]",
                "- a",
                "router_settings: [a]\nlitellm_settings: 1\ngeneral_settings: x",
                "model_list: [{ model_name: 'a b', litellm_params: { model: ollama/x } }]",
                "model_list: {")) {
            assertThatThrownBy(() -> LiteLlmConverter.convert("l.yaml", file))
                    .as(file)
                    .isInstanceOf(ConfigException.class);
        }
        assertThat(converted("""
                model_list:
                  - { model_name: a, litellm_params: { model: ollama/x, rpm: lots, weight: -1, timeout: [], order: 0.4 } }
                  - { model_name: A, litellm_params: { model: ollama/x } }
                  - { model_name: a, litellm_params: { model: ollama/x } }
                router_settings: { fallbacks: [a, { a: 3 }, { "*": [a] }], model_group_alias: 3, allowed_fails: 999999999, timeout: 1e9 }
                """).models()).hasSize(1);
    }
}
