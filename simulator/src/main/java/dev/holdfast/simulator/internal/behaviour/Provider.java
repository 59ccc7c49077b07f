// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.behaviour;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whose error bodies are imitated ({@code as=}): model providers, serving software and the proxies before them. */
public enum Provider {
    OPENAI,
    ANTHROPIC,
    AZURE,
    GEMINI,
    GROQ,
    MISTRAL,
    DEEPSEEK,
    XAI,
    COHERE,
    OPENROUTER,
    TOGETHER,
    FIREWORKS,
    OLLAMA,
    VLLM,
    BEDROCK,
    LITELLM,
    HUGGINGFACE,
    NGINX,
    CLOUDFLARE,
    HAPROXY;

    /** The name as a model string writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Provider> of(String word) {
        return Arrays.stream(values()).filter(p -> p.word().equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(Provider::word).collect(Collectors.joining(", "));
    }
}
