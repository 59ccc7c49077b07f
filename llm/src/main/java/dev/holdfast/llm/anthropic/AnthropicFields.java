// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.internal.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Fields that a plain answer and a stream have in common. */
final class AnthropicFields {
    private AnthropicFields() {}

    /** Null when the field is absent or null. */
    static @Nullable FinishReason finishReason(JsonNode holder) {
        String word = Json.textOrEmpty(holder, "stop_reason");
        return switch (word) {
            case "" -> null;
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /** The word for it; null when there is none. */
    static @Nullable String word(FinishReason reason) {
        return switch (reason) {
            case STOP -> "end_turn";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER -> "refusal";
            case OTHER -> null;
        };
    }

    /** Input without what a cache read or wrote, which is counted beside it. */
    static ObjectNode usage(Usage usage) {
        long uncached = usage.inputTokens() - usage.cachedInputTokens() - usage.cacheWriteTokens();
        ObjectNode node = Json.object().put("input_tokens", Math.max(0, uncached));
        if (usage.cacheWriteTokens() > 0) {
            node.put("cache_creation_input_tokens", usage.cacheWriteTokens());
        }
        if (usage.cachedInputTokens() > 0) {
            node.put("cache_read_input_tokens", usage.cachedInputTokens());
        }
        return node.put("output_tokens", usage.outputTokens());
    }

    /**
     * Anthropic counts cached input apart; ours is all input. A stream tells the input first and the output last, and
     * what a later count leaves out keeps its value.
     */
    static Usage usage(JsonNode usage, Usage before) {
        long cacheRead = count(usage, "cache_read_input_tokens", before.cachedInputTokens());
        long cacheWrite = count(usage, "cache_creation_input_tokens", before.cacheWriteTokens());
        long uncachedBefore =
                Math.max(0, before.inputTokens() - before.cachedInputTokens() - before.cacheWriteTokens());
        long uncached = count(usage, "input_tokens", uncachedBefore);
        return new Usage(
                uncached + cacheRead + cacheWrite,
                count(usage, "output_tokens", before.outputTokens()),
                cacheRead,
                cacheWrite,
                0);
    }

    private static long count(JsonNode usage, String member, long before) {
        return usage.path(member).isNumber() ? Json.count(usage, member) : before;
    }
}
