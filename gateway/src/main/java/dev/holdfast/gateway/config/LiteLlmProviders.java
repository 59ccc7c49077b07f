// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** LiteLLM's names of providers, and ours. */
final class LiteLlmProviders {
    /**
     * A provider of ours with a model.
     *
     * @param baseUrl of a provider that has no preset here but speaks OpenAI's dialect; null otherwise
     * @param keyVariable LiteLLM's variable of the key where ours has another name; null otherwise
     */
    record Place(String provider, String model, @Nullable String baseUrl, @Nullable String keyVariable) {}

    private static final Map<String, String> PRESETS = Map.ofEntries(
            Map.entry("openai", "openai"),
            Map.entry("anthropic", "anthropic"),
            Map.entry("azure", "azure-openai"),
            Map.entry("groq", "groq"),
            Map.entry("together_ai", "together"),
            Map.entry("openrouter", "openrouter"),
            Map.entry("mistral", "mistral"),
            Map.entry("deepseek", "deepseek"),
            Map.entry("xai", "xai"),
            Map.entry("fireworks_ai", "fireworks"),
            Map.entry("gemini", "gemini"),
            Map.entry("ollama", "ollama"),
            Map.entry("ollama_chat", "ollama"),
            Map.entry("hosted_vllm", "vllm"),
            Map.entry("vllm", "vllm"),
            Map.entry("lm_studio", "lmstudio"),
            Map.entry("litellm_proxy", "litellm"));

    /** Variables whose name differs from the preset's. */
    private static final Map<String, String> KEY_VARIABLES = Map.of(
            "azure", "AZURE_API_KEY",
            "together_ai", "TOGETHERAI_API_KEY",
            "fireworks_ai", "FIREWORKS_AI_API_KEY");

    /** Speak OpenAI's dialect at an address that is the same for everybody. */
    private static final Map<String, String> COMPATIBLE = Map.of(
            "cerebras", "https://api.cerebras.ai/v1",
            "nvidia_nim", "https://integrate.api.nvidia.com/v1",
            "sambanova", "https://api.sambanova.ai/v1",
            "deepinfra", "https://api.deepinfra.com/v1/openai");

    /** Speak dialects that we do not, whatever their address. */
    private static final Set<String> FOREIGN = Set.of(
            "bedrock", "bedrock_converse", "sagemaker", "sagemaker_chat", "vertex_ai", "vertex_ai_beta", "palm", "cohere",
            "cohere_chat", "replicate", "watsonx", "huggingface", "ai21", "nlp_cloud", "aleph_alpha", "petals", "predibase",
            "oobabooga", "triton", "clarifai", "cloudflare", "text-completion-openai", "azure_text", "assemblyai", "jina_ai");

    private static final List<String> OPENAI_MODELS =
            List.of("gpt-", "chatgpt-", "o1", "o3", "o4", "text-embedding-", "ft:gpt-");

    private LiteLlmProviders() {}

    /**
     * Where a deployment is.
     *
     * @param stated {@code custom_llm_provider}; null where it is not stated
     * @param hasBase whether an address is stated
     * @return null where we cannot go there
     */
    static @Nullable Place place(String model, @Nullable String stated, boolean hasBase) {
        int slash = model.indexOf('/');
        String prefix = stated != null ? stated : slash > 0 ? model.substring(0, slash) : inferred(model, hasBase);
        if (prefix == null || FOREIGN.contains(prefix)) {
            return null;
        }
        boolean prefixed = slash > 0 && model.substring(0, slash).equals(prefix);
        String name = prefixed ? model.substring(slash + 1) : model;
        if (name.isBlank()) {
            return null;
        }
        String preset = PRESETS.get(prefix);
        if (preset != null) {
            return new Place(preset, name, null, KEY_VARIABLES.get(prefix));
        }
        String address = COMPATIBLE.get(prefix);
        if (address != null) {
            return new Place("openai", name, address, prefix.toUpperCase(Locale.ROOT) + "_API_KEY");
        }
        return hasBase ? new Place("openai", stated == null ? model.substring(slash + 1) : name, null, null) : null;
    }

    /** Whether LiteLLM's name of the provider is one that we know. */
    static boolean isKnown(String model, @Nullable String stated) {
        int slash = model.indexOf('/');
        String prefix = stated != null ? stated : slash > 0 ? model.substring(0, slash) : "openai";
        return PRESETS.containsKey(prefix) || COMPATIBLE.containsKey(prefix);
    }

    private static @Nullable String inferred(String model, boolean hasBase) {
        if (model.startsWith("claude-")) {
            return "anthropic";
        }
        return hasBase || OPENAI_MODELS.stream().anyMatch(model::startsWith) ? "openai" : null;
    }
}
