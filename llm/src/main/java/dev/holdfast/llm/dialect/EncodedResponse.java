// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.TranslationNote;
import java.util.List;
import java.util.Objects;

/**
 * An answer in a dialect's wire format. {@code toString} never shows the body.
 *
 * @param body JSON in UTF-8
 * @param translation the translation report: what the answer holds and this dialect cannot say; usually empty
 */
public record EncodedResponse(byte[] body, List<TranslationNote> translation) {
    public EncodedResponse {
        Objects.requireNonNull(body, "body");
        translation = List.copyOf(translation);
    }

    @Override
    public String toString() {
        return "EncodedResponse[" + body.length + " bytes, translation=" + translation + "]";
    }
}
