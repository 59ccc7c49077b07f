// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.dialect.DecodeLimits;
import dev.holdfast.llm.dialect.StatusClassifier;
import dev.holdfast.llm.transport.TransportRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetsTest {
    @Test
    void aModelNameSplitsAtTheFirstSlash() {
        assertThat(ModelName.parse("openrouter/meta/llama-3"))
                .isEqualTo(new ModelName("openrouter", "meta/llama-3"))
                .hasToString("openrouter/meta/llama-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o", "/gpt-4o", "openai/", ""})
    void aModelNameWithoutBothSidesIsAnErrorThatShowsTheForm(String text) {
        assertThatThrownBy(() -> ModelName.parse(text))
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining("provider/model")
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void everyProviderOfTheDesignIsThere() {
        assertThat(Presets.all())
                .extracting(ProviderPreset::name)
                .containsExactlyInAnyOrder(
                        "openai",
                        "azure-openai",
                        "openrouter",
                        "groq",
                        "mistral",
                        "deepseek",
                        "xai",
                        "together",
                        "fireworks",
                        "gemini",
                        "ollama",
                        "vllm",
                        "lmstudio",
                        "litellm",
                        "anthropic",
                        "sim",
                        "sim-anthropic");
        assertThat(Presets.named("OpenAI").name()).isEqualTo("openai");
    }

    @ParameterizedTest
    @CsvSource({"opnai,openai", "antropic,anthropic", "azure,azure-openai", "mistrall,mistral", "grok,groq"})
    void anUnknownProviderIsAnErrorThatNamesTheNearestAndAll(String typed, String nearest) {
        assertThatThrownBy(() -> Presets.named(typed))
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining("unknown provider '" + typed + "'")
                .hasMessageContaining("did you mean '" + nearest + "'")
                .hasMessageContaining("known: anthropic, openai,");
    }

    @Test
    void aNameLikeNoneSuggestsNothing() {
        assertThatThrownBy(() -> Presets.named("zzzzzzzz")).message().doesNotContain("did you mean");
    }

    @Test
    void aMissingKeyNamesItsVariable() {
        assertThatThrownBy(() -> endpoint("openai", Map.of())).hasMessageContaining("set OPENAI_API_KEY");
        assertThatThrownBy(() -> endpoint("anthropic", Map.of("ANTHROPIC_API_KEY", "  ")))
                .hasMessageContaining("set ANTHROPIC_API_KEY");
    }

    @Test
    void aKeyThatFitsNoHeaderIsNamedButNotShown() {
        assertThatThrownBy(() -> endpoint("openai", Map.of("OPENAI_API_KEY", "sk-123\nX: y")))
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining("OPENAI_API_KEY")
                .message()
                .doesNotContain("123");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8000",
                "ftp://host/v1",
                "http://",
                "http://a b/",
                "http://u:p@host/v1",
                "http://host/v1?k=v"
            })
    void aBadAddressNamesItsVariable(String url) {
        assertThatThrownBy(() -> endpoint("vllm", Map.of("VLLM_BASE_URL", url)))
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining("VLLM_BASE_URL");
    }

    @Test
    void aProviderWithoutAUsualAddressNamesItsVariable() {
        assertThatThrownBy(() -> endpoint("azure-openai", Map.of("AZURE_OPENAI_API_KEY", "k")))
                .hasMessageContaining("set AZURE_OPENAI_BASE_URL");
        assertThatThrownBy(() -> endpoint("sim", Map.of())).hasMessageContaining("set SIM_BASE_URL");
    }

    @ParameterizedTest
    @CsvSource({
        "openai,            http://127.0.0.1:9/v1,   http://127.0.0.1:9/v1/chat/completions",
        "openai,            http://127.0.0.1:9,      http://127.0.0.1:9/v1/chat/completions",
        "openai,            http://127.0.0.1:9/,     http://127.0.0.1:9/v1/chat/completions",
        "openai,            https://h/a/b/,          https://h/a/b/chat/completions",
        "groq,              http://127.0.0.1:9,      http://127.0.0.1:9/openai/v1/chat/completions",
        "azure-openai,      https://n.example,       https://n.example/openai/v1/chat/completions",
        "anthropic,         http://127.0.0.1:9,      http://127.0.0.1:9/v1/messages",
        "anthropic,         http://127.0.0.1:9/v1/,  http://127.0.0.1:9/v1/messages",
        "anthropic,         https://h/proxy,         https://h/proxy/v1/messages",
        "sim,               http://127.0.0.1:9,      http://127.0.0.1:9/v1/chat/completions",
        "sim-anthropic,     http://127.0.0.1:9/v1,   http://127.0.0.1:9/v1/messages"
    })
    void theAddressIsCompleted(String provider, String url, String expected) {
        ProviderEndpoint endpoint = ProviderEndpoint.of(Presets.named(provider), url, Secret.of("k"), name -> null);

        assertThat(request(endpoint).uri()).hasToString(expected);
    }

    @Test
    void theKeyGoesIntoTheHeaderThatTheProviderReadsAndNowhereElse() {
        ProviderEndpoint bearer = endpoint("openai", Map.of("OPENAI_API_KEY", " sk-1 "));
        ProviderEndpoint azure = ProviderEndpoint.of(
                Presets.named("azure-openai"), "https://n.example", Secret.of("sk-1"), name -> null);
        ProviderEndpoint anthropic = endpoint("anthropic", Map.of("ANTHROPIC_API_KEY", "sk-1"));

        assertThat(request(bearer).headers()).containsEntry("authorization", "Bearer sk-1");
        assertThat(request(azure).headers()).containsEntry("api-key", "sk-1");
        assertThat(request(anthropic).headers())
                .containsEntry("x-api-key", "sk-1")
                .containsKey("anthropic-version");
        for (ProviderEndpoint endpoint : new ProviderEndpoint[] {bearer, azure, anthropic}) {
            assertThat(endpoint.toString()).contains("***").doesNotContain("sk-1");
            assertThat(request(endpoint).toString()).doesNotContain("sk-1");
        }
    }

    @Test
    void aLocalServerNeedsNoKeyAndGetsNoneUnasked() {
        assertThat(request(endpoint("ollama", Map.of())).headers()).doesNotContainKey("authorization");
        assertThat(request(endpoint("ollama", Map.of("OLLAMA_API_KEY", "k"))).headers())
                .containsEntry("authorization", "Bearer k");
    }

    private static ProviderEndpoint endpoint(String provider, Map<String, String> environment) {
        return ProviderEndpoint.of(Presets.named(provider), environment::get);
    }

    private static TransportRequest request(ProviderEndpoint endpoint) {
        var encoded = endpoint.dialect(new StatusClassifier(), DecodeLimits.DEFAULTS)
                .encode(LlmRequest.of("Hello"), "m", false);
        return endpoint.request(encoded, Duration.ofSeconds(1));
    }
}
