// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.internal.HttpProvider;
import dev.holdfast.llm.internal.HttpProviderBuilder;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderPreset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One model behind an endpoint that speaks OpenAI's chat completions, raw: one request per call, no retry, no timeout but
 * that of the connection. To be guarded by hand, or by {@link dev.holdfast.llm.Llm.Builder#provider}. Thread-safe.
 *
 * <pre>{@code
 * var provider = OpenAiCompatibleProvider.builder("my-model").baseUrl("http://gpu-1:8000/v1").preset("vllm").build();
 * var llm = Llm.builder().provider(provider).build();
 * }</pre>
 */
public final class OpenAiCompatibleProvider extends HttpProvider {
    private OpenAiCompatibleProvider(Builder from) {
        super(from);
    }

    /** @param model the model's name in the provider's words */
    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** Builds an {@link OpenAiCompatibleProvider}. Not thread-safe. */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private ProviderPreset preset = Presets.named("openai");
        private @Nullable OpenAiQuirks quirks;

        private Builder(String model) {
            super(model);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected ProviderPreset preset() {
            return quirks == null ? preset : preset.withQuirks(quirks);
        }

        /**
         * What is known about the provider; default {@code openai}.
         *
         * @param provider the name of a preset, for example {@code groq} or {@code vllm}
         * @throws ProviderConfigurationException if there is no such preset, or it speaks another dialect
         */
        public Builder preset(String provider) {
            ProviderPreset named = Presets.named(provider);
            if (!named.dialect().equals(OpenAiDialect.NAME)) {
                throw new ProviderConfigurationException(
                        "provider '" + provider + "' does not speak OpenAI's dialect: use its own class");
            }
            preset = named;
            return this;
        }

        /** Where the server differs from OpenAI, in place of what the preset says. */
        public Builder quirks(OpenAiQuirks value) {
            quirks = Objects.requireNonNull(value, "quirks");
            return this;
        }

        /** @throws ProviderConfigurationException if a key or an address is missing or wrong; says what to set */
        public OpenAiCompatibleProvider build() {
            return new OpenAiCompatibleProvider(this);
        }
    }
}
