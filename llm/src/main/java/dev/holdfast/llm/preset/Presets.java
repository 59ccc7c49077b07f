// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.preset;

import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.anthropic.AnthropicDialect;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.openai.OpenAiQuirks;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table of known providers. */
public final class Presets {
    private static final OpenAiQuirks COMPATIBLE = OpenAiQuirks.COMPATIBLE;

    private static final List<ProviderPreset> ALL = List.of(
            new ProviderPreset(
                    "anthropic",
                    AnthropicDialect.NAME,
                    "anthropic",
                    "https://api.anthropic.com",
                    "/v1",
                    true,
                    AuthStyle.X_API_KEY,
                    OpenAiQuirks.OPENAI,
                    false),
            openAi("openai", "openai", "https://api.openai.com", "/v1", OpenAiQuirks.OPENAI),
            new ProviderPreset( // the resource's own host, for example https://NAME.openai.azure.com
                    "azure-openai",
                    OpenAiDialect.NAME,
                    "azure_openai",
                    null,
                    "/openai/v1",
                    true,
                    AuthStyle.API_KEY,
                    OpenAiQuirks.OPENAI,
                    false),
            openAi(
                    "openrouter",
                    "openrouter",
                    "https://openrouter.ai",
                    "/api/v1",
                    COMPATIBLE.withReasoningField("reasoning")),
            openAi("groq", "groq", "https://api.groq.com", "/openai/v1", OpenAiQuirks.OPENAI),
            openAi( // refuses unknown fields; sends usage in a stream unasked
                    "mistral",
                    "mistral",
                    "https://api.mistral.ai",
                    "/v1",
                    COMPATIBLE.withSeedField("random_seed").withStreamUsageOption(false)),
            openAi( // wants its reasoning back while tools run; knows JSON but no schema
                    "deepseek",
                    "deepseek",
                    "https://api.deepseek.com",
                    "/v1",
                    COMPATIBLE.withReasoningField("reasoning_content").withJsonSchema(false)),
            openAi("xai", "xai", "https://api.x.ai", "/v1", COMPATIBLE),
            openAi("together", "together", "https://api.together.xyz", "/v1", COMPATIBLE),
            openAi("fireworks", "fireworks", "https://api.fireworks.ai", "/inference/v1", COMPATIBLE),
            openAi(
                    "gemini",
                    "google_gemini",
                    "https://generativelanguage.googleapis.com",
                    "/v1beta/openai",
                    COMPATIBLE),
            local("ollama", "ollama", "http://127.0.0.1:11434"),
            local("vllm", "vllm", "http://127.0.0.1:8000"),
            local("lmstudio", "openai", "http://127.0.0.1:1234"),
            local("litellm", "litellm_proxy", "http://127.0.0.1:4000"),
            simulator("sim", OpenAiDialect.NAME),
            simulator("sim-anthropic", AnthropicDialect.NAME));

    private static final Map<String, ProviderPreset> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(ProviderPreset::name, Function.identity()));

    /** Those whose name there is another than here. */
    private static final Map<String, String> CONVENTIONAL = Map.of(
            "azure-openai", "azure.ai.openai",
            "mistral", "mistral_ai",
            "xai", "x_ai",
            "gemini", "gcp.gemini",
            "sim-anthropic", "anthropic",
            "sim", "openai");

    private Presets() {}

    /** All presets in the table's order. */
    public static List<ProviderPreset> all() {
        return ALL;
    }

    /**
     * The preset of this name, in any case.
     *
     * @throws ProviderConfigurationException if there is none; the message lists those that exist and names the nearest
     */
    public static ProviderPreset named(String provider) {
        ProviderPreset preset = BY_NAME.get(provider.toLowerCase(Locale.ROOT));
        if (preset != null) {
            return preset;
        }
        String nearest = nearest(provider.toLowerCase(Locale.ROOT));
        throw new ProviderConfigurationException("unknown provider '" + provider + "'"
                + (nearest == null ? "" : ", did you mean '" + nearest + "'?") + "; known: "
                + ALL.stream().map(ProviderPreset::name).collect(Collectors.joining(", ")));
    }

    /**
     * The name of a provider in OpenTelemetry's conventions for generative AI, for example {@code gcp.gemini}; its own name where
     * they have none. The simulator counts as the provider whose dialect it speaks.
     */
    public static String conventionalName(String provider) {
        return CONVENTIONAL.getOrDefault(provider, provider);
    }

    private static ProviderPreset openAi(String name, String family, String origin, String path, OpenAiQuirks quirks) {
        return new ProviderPreset(
                name, OpenAiDialect.NAME, family, origin, path, true, AuthStyle.BEARER, quirks, false);
    }

    private static ProviderPreset local(String name, String family, String origin) {
        return new ProviderPreset(
                name, OpenAiDialect.NAME, family, origin, "/v1", false, AuthStyle.BEARER, COMPATIBLE, false);
    }

    /** The command line and the gateway start the simulator and state its address; it has no home of its own. */
    private static ProviderPreset simulator(String name, String dialect) {
        boolean anthropic = dialect.equals(AnthropicDialect.NAME);
        return new ProviderPreset(
                name,
                dialect,
                dialect,
                null,
                "/v1",
                false,
                anthropic ? AuthStyle.X_API_KEY : AuthStyle.BEARER,
                OpenAiQuirks.OPENAI,
                true);
    }

    /** The known name with the fewest edits, at most a third of its letters, or one that contains the other. */
    private static @Nullable String nearest(String provider) {
        String best = null;
        int bestEdits = Integer.MAX_VALUE;
        for (ProviderPreset preset : ALL) {
            String name = preset.name();
            boolean contains = provider.length() > 2 && (name.contains(provider) || provider.contains(name));
            int edits = contains ? 1 : edits(provider, name);
            if (edits < bestEdits && edits <= Math.max(1, name.length() / 3)) {
                best = name;
                bestEdits = edits;
            }
        }
        return best;
    }

    /** Levenshtein distance, one row at a time. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
