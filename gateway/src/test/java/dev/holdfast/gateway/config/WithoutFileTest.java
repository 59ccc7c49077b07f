// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ResilienceConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start without a file, and files that cannot be read. */
class WithoutFileTest {
    private static final URI SIMULATOR = URI.create("http://127.0.0.1:4010");

    private static GatewayConfig without(Map<String, String> environment) {
        return new ConfigReader(environment::get).withoutFile(SIMULATOR);
    }

    private static List<Map<String, Double>> defaultOf(GatewayConfig config) {
        return config.models().get("default").tiers();
    }

    @Test
    void withoutAnyKeyTheSimulatorIsTheDefault() {
        GatewayConfig config = without(Map.of());

        assertThat(config.targets().keySet()).containsExactly("sim/ok");
        assertThat(config.targets().get("sim/ok").endpoint().baseUrl()).isEqualTo(URI.create(SIMULATOR + "/v1"));
        assertThat(defaultOf(config)).containsExactly(Map.of("sim/ok", 1.0));
        assertThat(config.openModels()).isTrue();
        assertThat(config.listen().host()).isEqualTo("127.0.0.1");
        assertThat(config.listen().port()).isEqualTo(4000);
        assertThat(config.clients()).isEmpty();
        assertThat(config.policies()).isEqualTo(Map.of("standard", ResilienceConfig.defaults()));
    }

    @Test
    void theDefaultIsOpenAiThenAnthropicThenTheSimulator() {
        assertThat(defaultOf(without(Map.of("OPENAI_API_KEY", "k", "ANTHROPIC_API_KEY", "k"))))
                .containsExactly(Map.of("openai/gpt-4o-mini", 1.0));
        assertThat(defaultOf(without(Map.of("GROQ_API_KEY", "k", "ANTHROPIC_API_KEY", "k"))))
                .containsExactly(Map.of("anthropic/claude-haiku-4-5", 1.0));
        assertThat(defaultOf(without(Map.of("GROQ_API_KEY", "k")))).containsExactly(Map.of("sim/ok", 1.0));
    }

    @Test
    void everyProviderWithAKeyIsATarget() {
        GatewayConfig config =
                without(Map.of("OPENAI_API_KEY", "k", "GROQ_API_KEY", "k", "MISTRAL_API_KEY", " ", "GEMINI_API_KEY", "k"));

        assertThat(config.targets().keySet())
                .containsExactly(
                        "openai/gpt-4o-mini", "groq/llama-3.3-70b-versatile", "gemini/gemini-2.5-flash", "sim/ok");
    }

    @Test
    void beyondLoopbackNothingStartsWithoutClients() {
        ConfigReader reader = new ConfigReader(variable -> null).withListen("0.0.0.0", 0);

        assertThatThrownBy(() -> reader.withoutFile(SIMULATOR))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--host: reaches beyond this machine");
    }

    @Test
    void anAddressOfTheEnvironmentThatIsNoneIsAProblem() {
        assertThatThrownBy(() -> without(Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "nowhere")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("OPENAI_BASE_URL must be an absolute http or https URL");
    }

    @Test
    void aFileThatCannotBeReadIsAProblemOfItsOwn(@TempDir Path directory) throws Exception {
        ConfigReader reader = new ConfigReader(variable -> null);
        Path latin = Files.write(directory.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
        Path large = Files.write(directory.resolve("large.yaml"), new byte[(1 << 20) + 1]);

        assertThatThrownBy(() -> reader.read(directory.resolve("none.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(directory.resolve("none.yaml") + ": there is no such file");
        assertThatThrownBy(() -> reader.read(directory)).hasMessage(directory + ": is a directory, not a file");
        assertThatThrownBy(() -> reader.read(latin)).hasMessage(latin + ": is not UTF-8");
        assertThatThrownBy(() -> reader.read(large)).hasMessageStartingWith(large + ": is larger than 1 MiB");
    }
}
