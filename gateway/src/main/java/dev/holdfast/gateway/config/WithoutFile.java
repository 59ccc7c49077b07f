// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.GatewayConfig.Model;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.preset.ProviderPreset;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The targets and models of a start without a file. */
final class WithoutFile {
    /** The model that {@code default} is. */
    static final String DEFAULT = "default";

    private static final String SIMULATOR = "sim";

    /**
     * A small and current model of each provider that names its models the same for everybody. Azure is missing: there the
     * name is that of the user's own deployment. Local servers are missing: they have no key that would tell that they are
     * there.
     */
    private static final Map<String, String> USUAL_MODELS = usualModels();

    private final Function<String, @Nullable String> environment;
    private final Problems problems;

    WithoutFile(Function<String, @Nullable String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    private static Map<String, String> usualModels() {
        Map<String, String> models = new LinkedHashMap<>();
        models.put("openai", "gpt-4o-mini");
        models.put("anthropic", "claude-haiku-4-5");
        models.put("openrouter", "openai/gpt-4o-mini");
        models.put("groq", "llama-3.3-70b-versatile");
        models.put("mistral", "mistral-small-latest");
        models.put("deepseek", "deepseek-chat");
        models.put("xai", "grok-3-mini");
        models.put("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo");
        models.put("fireworks", "accounts/fireworks/models/llama-v3p3-70b-instruct");
        models.put("gemini", "gemini-2.5-flash");
        return models;
    }

    /** OpenAI, Anthropic, the others whose key is there, the simulator; named {@code provider/model}. */
    Map<String, TargetConfig> targets(URI simulator) {
        Map<String, TargetConfig> targets = new LinkedHashMap<>();
        USUAL_MODELS.forEach((provider, model) -> {
            ProviderPreset preset = Presets.named(provider);
            String key = environment.apply(preset.keyVariable());
            if (key == null || key.isBlank()) {
                return;
            }
            try {
                add(targets, ProviderEndpoint.of(preset, environment), model);
            } catch (ProviderConfigurationException wrong) {
                problems.add(0, preset.name(), String.valueOf(wrong.getMessage()));
            }
        });
        add(targets, ProviderEndpoint.of(Presets.named(SIMULATOR), simulator.toString(), null, environment), "ok");
        return targets;
    }

    private static void add(Map<String, TargetConfig> targets, ProviderEndpoint endpoint, String model) {
        String name = endpoint.preset().name() + "/" + model;
        targets.put(name, new TargetConfig(name, endpoint, model, false, Map.of()));
    }

    /** {@code default}: the first of OpenAI, Anthropic and the simulator that is there. */
    static Map<String, Model> models(Map<String, TargetConfig> targets) {
        String first = targets.values().stream()
                .filter(target -> List.of("openai", "anthropic", SIMULATOR)
                        .contains(target.endpoint().preset().name()))
                .map(TargetConfig::name)
                .findFirst()
                .orElseThrow();
        return Map.of(DEFAULT, new Model(DEFAULT, List.of(Map.of(first, 1.0)), GatewayConfig.STANDARD));
    }
}
