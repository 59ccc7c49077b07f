// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.llm.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Another place that speaks the client's wire format and can serve its calls. Immutable; {@code toString} masks the key.
 *
 * @param baseUrl in the form that the client itself takes, without a slash at its end
 * @param key the credential there; null sends none
 * @param model the model to ask for there; null asks for the one that the request names
 */
public record WireEndpoint(
        String baseUrl, @Nullable Secret key, @Nullable String model) {
    public WireEndpoint {
        Objects.requireNonNull(baseUrl, "baseUrl");
        baseUrl = baseUrl.replaceAll("/+$", "");
    }
}
