// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.preset;

import dev.holdfast.llm.ProviderConfigurationException;

/**
 * {@code provider/model} as the user types it, split at the first slash, so that the model may hold slashes itself.
 *
 * @param provider the name of a preset
 * @param model the provider's own name of the model
 */
public record ModelName(String provider, String model) {

    /** @throws ProviderConfigurationException if there is no slash, or nothing on one of its sides */
    public static ModelName parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new ProviderConfigurationException(
                    "a target is written provider/model, for example openai/gpt-4o-mini: '" + text + "'");
        }
        return new ModelName(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
