// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.preset;

import java.util.Map;

/** How a provider is handed the beginning of the answer that it shall continue. */
public enum Prefill {
    /** Not at all, as far as is known: it would answer the text instead of continuing it. */
    NONE("{}"),
    /** As the last message, of the assistant. */
    LAST_MESSAGE("{}"),
    /** As the last message, with vLLM's switches that keep it open. */
    OPEN_LAST_MESSAGE("{\"continue_final_message\":true,\"add_generation_prompt\":false}");

    /** Whose documentation says so; a provider that passes on to others is only as good as they are and is not listed. */
    private static final Map<String, Prefill> BY_PRESET = Map.of(
            "anthropic", LAST_MESSAGE,
            "vllm", OPEN_LAST_MESSAGE,
            "sim", LAST_MESSAGE,
            "sim-anthropic", LAST_MESSAGE);

    private final String extraJson;

    Prefill(String extraJson) {
        this.extraJson = extraJson;
    }

    /** What the provider of this preset takes; some of its models may still refuse. */
    public static Prefill of(ProviderPreset preset) {
        return BY_PRESET.getOrDefault(preset.name(), NONE);
    }

    /** Fields that the request needs beside the message. */
    public String extraJson() {
        return extraJson;
    }
}
