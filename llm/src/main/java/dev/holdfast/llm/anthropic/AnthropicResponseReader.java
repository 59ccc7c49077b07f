// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Leftover;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a whole message. */
final class AnthropicResponseReader {
    private AnthropicResponseReader() {}

    static @Nullable LlmResponse read(ObjectNode object, String raw) {
        JsonNode blocks = object.get("content");
        if (blocks == null || !blocks.isArray()) {
            return null;
        }
        List<Content> content = new ArrayList<>();
        for (JsonNode block : blocks) {
            Content part = block instanceof ObjectNode whole ? part(whole) : null;
            if (part != null) {
                content.add(part);
            }
        }
        FinishReason reason = Objects.requireNonNullElse(AnthropicFields.finishReason(object), FinishReason.OTHER);
        String id = Json.textOrEmpty(object, "id");
        String model = Json.textOrEmpty(object, "model");
        Usage usage = AnthropicFields.usage(object.path("usage"), Usage.NONE);
        object.remove(List.of("id", "model", "type", "role", "content"));
        return new LlmResponse(id, model, content, reason, usage, raw).withExtra(rest(object, reason));
    }

    /** What a message holds beside its name and its blocks that the model has no words for. */
    static Extra rest(ObjectNode object, FinishReason reason) {
        Leftover.reason(object, "stop_reason", reason, AnthropicFields::word);
        if (object.path("stop_sequence").isNull()) {
            object.remove("stop_sequence");
        }
        usageRest(object);
        return Leftover.extra(AnthropicDialect.NAME, object);
    }

    static void usageRest(ObjectNode object) {
        if (object.get("usage") instanceof ObjectNode usage) {
            usage.remove(List.of("input_tokens", "output_tokens"));
            Leftover.counts(object, "usage", "cache_creation_input_tokens", "cache_read_input_tokens");
        }
    }

    private static @Nullable Content part(ObjectNode block) {
        return switch (Json.textOrEmpty(block, "type")) {
            case "text" -> {
                String text = Json.textOrEmpty(block, "text");
                yield text.isEmpty() ? null : new Content.Text(text, rest(block, "text"));
            }
            case "tool_use" -> {
                String id = Json.textOrEmpty(block, "id");
                String name = Json.textOrEmpty(block, "name");
                String input = block.path("input").isObject() ? Json.string(block.path("input")) : "{}";
                yield new Content.ToolCall(id, name, input, rest(block, "id", "name", "input"));
            }
            case "thinking" -> {
                String thinking = Json.textOrEmpty(block, "thinking");
                String stated = Json.textOrEmpty(block, "signature");
                String signature = stated.isEmpty() ? null : stated; // see AnthropicBlocks.told
                yield new Content.Reasoning(thinking, signature, null, rest(block, "thinking", "signature"));
            }
            case "redacted_thinking" -> {
                String data = Json.textOrEmpty(block, "data");
                yield new Content.Reasoning("", null, data, rest(block, "data"));
            }
            default -> new Content.Other(AnthropicDialect.NAME, Json.string(block));
        };
    }

    private static Extra rest(ObjectNode block, String... known) {
        block.remove("type");
        block.remove(List.of(known));
        return Leftover.extra(AnthropicDialect.NAME, block);
    }
}
