// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.internal.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Fields that a plain answer and a stream have in common, read with patience for the servers that differ. */
final class OpenAiFields {
    private OpenAiFields() {}

    /** Null when the field is absent, null or empty: some servers send it empty in every chunk. */
    static @Nullable FinishReason finishReason(JsonNode choice) {
        String word = Json.textOrEmpty(choice, "finish_reason");
        return switch (word) {
            case "" -> null;
            case "stop", "eos", "end_turn" -> FinishReason.STOP;
            case "length", "max_tokens", "model_length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.OTHER;
        };
    }

    /** The word for it; null when there is none. */
    static @Nullable String word(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
            case OTHER -> null;
        };
    }

    static ObjectNode usage(Usage usage) {
        ObjectNode node = Json.object()
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", usage.totalTokens());
        ObjectNode input = Json.object();
        count(input, "cached_tokens", usage.cachedInputTokens());
        count(input, "cache_write_tokens", usage.cacheWriteTokens());
        if (!input.isEmpty()) {
            node.set("prompt_tokens_details", input);
        }
        if (usage.reasoningTokens() > 0) {
            node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
        }
        return node;
    }

    private static void count(ObjectNode node, String name, long count) {
        if (count > 0) {
            node.put(name, count);
        }
    }

    static Usage usage(JsonNode usage) {
        JsonNode input = usage.path("prompt_tokens_details");
        JsonNode output = usage.path("completion_tokens_details");
        // DeepSeek counts its cache beside the details.
        long cached = Math.max(Json.count(input, "cached_tokens"), Json.count(usage, "prompt_cache_hit_tokens"));
        return new Usage(
                Json.count(usage, "prompt_tokens"),
                Json.count(usage, "completion_tokens"),
                cached,
                Json.count(input, "cache_write_tokens"),
                Json.count(output, "reasoning_tokens"));
    }

    /** Text of a message or delta: a string, or a list of parts of which those of kind {@code text} count. */
    static String text(JsonNode message) {
        return joined(message.path("content"), "text");
    }

    /** Reasoning under the names that it has, or as parts of kind {@code thinking}. */
    static String reasoning(JsonNode message) {
        String text = Json.textOrEmpty(message, "reasoning_content");
        text = text.isEmpty() ? Json.textOrEmpty(message, "reasoning") : text;
        return text.isEmpty() && message.path("content").isArray() ? joined(message.path("content"), "thinking") : text;
    }

    private static String joined(JsonNode content, String kind) {
        if (content.isString()) {
            return kind.equals("text") ? content.stringValue() : "";
        }
        StringBuilder joined = new StringBuilder();
        for (JsonNode part : content) {
            if (kind.equals(Json.text(part, "type"))) {
                JsonNode value = part.path(kind);
                joined.append(value.isArray() ? joined(value, "text") : value.isString() ? value.stringValue() : "");
            }
        }
        return joined.toString();
    }
}
