// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.internal.Json;

/** Reasoning here is text and nothing else. */
final class OpenAiReasoning {
    private OpenAiReasoning() {}

    /** Reports what reasoning holds beside its text. */
    static void reportProof(Content.Reasoning reasoning, String path, Carrier carrier) {
        if (reasoning.signature() != null) {
            carrier.dropped(path + ".signature", "reasoning has no signature here");
        }
        if (reasoning.redacted() != null) {
            carrier.dropped(path, "encrypted reasoning is not known here");
        }
        carrier.extra(Json.object(), reasoning.extra(), path);
    }
}
