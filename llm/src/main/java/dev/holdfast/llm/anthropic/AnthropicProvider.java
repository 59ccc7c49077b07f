// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.internal.HttpProvider;
import dev.holdfast.llm.internal.HttpProviderBuilder;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderPreset;

/**
 * One model behind an endpoint that speaks Anthropic's messages, raw: one request per call, no retry, no timeout but that
 * of the connection. To be guarded by hand, or by {@link dev.holdfast.llm.Llm.Builder#provider}. Thread-safe.
 */
public final class AnthropicProvider extends HttpProvider {
    private AnthropicProvider(Builder from) {
        super(from);
    }

    /** @param model the model's name in the provider's words */
    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** Builds an {@link AnthropicProvider}. Not thread-safe. */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private Builder(String model) {
            super(model);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected ProviderPreset preset() {
            return Presets.named("anthropic");
        }

        /** @throws ProviderConfigurationException if a key or an address is missing or wrong; says what to set */
        public AnthropicProvider build() {
            return new AnthropicProvider(this);
        }
    }
}
