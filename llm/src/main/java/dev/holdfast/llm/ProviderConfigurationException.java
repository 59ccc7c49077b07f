// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

/**
 * A target cannot be set up: unknown provider, missing key, bad address. The message names what to change, a variable
 * where one is at fault, and never holds a credential. No call was made, and repeating cannot help.
 */
public final class ProviderConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ProviderConfigurationException(String message) {
        super(message);
    }
}
