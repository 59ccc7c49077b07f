// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where servers that follow OpenAI's chat completions differ from it. Immutable.
 *
 * @param maxTokensField the name of the token limit
 * @param seedField the name of the seed
 * @param streamUsageOption whether usage in a stream must be asked for, and may be
 * @param reasoningField the field in which an assistant message hands reasoning back; null when the server takes none
 * @param jsonSchema whether a response format with a schema is understood
 */
public record OpenAiQuirks(
        String maxTokensField,
        String seedField,
        boolean streamUsageOption,
        @Nullable String reasoningField,
        boolean jsonSchema) {

    /** OpenAI itself. */
    public static final OpenAiQuirks OPENAI = new OpenAiQuirks("max_completion_tokens", "seed", true, null, true);
    /** Most others: the older name of the token limit, otherwise the same. */
    public static final OpenAiQuirks COMPATIBLE = OPENAI.withMaxTokensField("max_tokens");

    public OpenAiQuirks {
        Objects.requireNonNull(maxTokensField, "maxTokensField");
        Objects.requireNonNull(seedField, "seedField");
    }

    public OpenAiQuirks withMaxTokensField(String name) {
        return new OpenAiQuirks(name, seedField, streamUsageOption, reasoningField, jsonSchema);
    }

    public OpenAiQuirks withSeedField(String name) {
        return new OpenAiQuirks(maxTokensField, name, streamUsageOption, reasoningField, jsonSchema);
    }

    public OpenAiQuirks withStreamUsageOption(boolean supported) {
        return new OpenAiQuirks(maxTokensField, seedField, supported, reasoningField, jsonSchema);
    }

    public OpenAiQuirks withReasoningField(@Nullable String name) {
        return new OpenAiQuirks(maxTokensField, seedField, streamUsageOption, name, jsonSchema);
    }

    public OpenAiQuirks withJsonSchema(boolean supported) {
        return new OpenAiQuirks(maxTokensField, seedField, streamUsageOption, reasoningField, supported);
    }
}
