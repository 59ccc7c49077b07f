// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models in an order and in tiers that are said by name. */
class LlmTiersTest {
    private static MockProvider provider(String name) {
        return MockProvider.builder()
                .name(name)
                .answers(MockAnswer.text("from " + name))
                .build();
    }

    private static Llm.Builder builder() {
        return Llm.builder()
                .resilience(ResilienceConfig.defaults())
                .provider(provider("a"))
                .provider(provider("b"))
                .provider(provider("c"));
    }

    @Test
    void tiersAreTheOrderOfFailover() {
        Map<String, Double> first = new LinkedHashMap<>();
        first.put("c", 2.0);
        first.put("a", 1.0);

        Llm llm = builder().tiers(List.of(first, Map.of("b", 1.0))).build();

        assertThat(llm.targets()).extracting(target -> target.name()).containsExactly("c", "a", "b");
    }

    @Test
    void theTierThatIsFirstIsAsked() {
        Llm llm = builder()
                .tiers(List.of(Map.of("c", 1.0), Map.of("a", 1.0), Map.of("b", 1.0)))
                .build();

        assertThat(llm.blocking().complete("Hello").text()).isEqualTo("from c");
    }

    @Test
    void eachTargetIsInOneTier() {
        List<Map<String, Double>> missing = List.of(Map.of("a", 1.0), Map.of("b", 1.0));
        List<Map<String, Double>> twice =
                List.of(Map.of("a", 1.0), Map.of("b", 1.0), Map.of("c", 1.0), Map.of("a", 1.0));
        List<Map<String, Double>> unknown = List.of(Map.of("x", 1.0));

        assertThatThrownBy(() -> builder().tiers(missing).build()).hasMessageContaining("in no tier: [c]");
        assertThatThrownBy(() -> builder().tiers(twice).build()).hasMessageContaining("in a tier already: a");
        assertThatThrownBy(() -> builder().tiers(unknown).build()).hasMessageContaining("no target");
    }

    @Test
    void anEndpointHasTheNameThatItWasGiven() {
        ProviderEndpoint endpoint =
                ProviderEndpoint.of(Presets.named("ollama"), "http://127.0.0.1:1", null, variable -> null);

        Llm llm = Llm.builder()
                .resilience(ResilienceConfig.defaults())
                .endpoint("mine", endpoint, "llama3", Map.of())
                .build();

        assertThat(llm.target().name()).isEqualTo("mine");
        assertThat(llm.target().provider()).isEqualTo("ollama");
        assertThat(llm.target().model()).isEqualTo("llama3");
    }
}
