// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.TranslationNote;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A request in a dialect's wire format, without address and credential. {@code toString} shows neither headers nor body.
 *
 * @param path below the provider's base URL, starting with a slash
 * @param headers those of the dialect, content type included; no credential
 * @param body JSON in UTF-8
 * @param translation the translation report: what the caller asked for and this dialect cannot say; usually empty. Only
 *     what leaves the meaning of the prompt intact is listed here; the rest is an error.
 */
public record EncodedRequest(String path, Map<String, String> headers, byte[] body, List<TranslationNote> translation) {
    public EncodedRequest {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(body, "body");
        headers = Map.copyOf(headers);
        translation = List.copyOf(translation);
    }

    @Override
    public String toString() {
        return "EncodedRequest[" + path + ", " + body.length + " bytes, translation=" + translation + "]";
    }
}
