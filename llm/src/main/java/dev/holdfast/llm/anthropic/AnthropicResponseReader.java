// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
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
            Content part = part(block);
            if (part != null) {
                content.add(part);
            }
        }
        return new LlmResponse(
                Json.textOrEmpty(object, "id"),
                Json.textOrEmpty(object, "model"),
                content,
                Objects.requireNonNullElse(AnthropicFields.finishReason(object), FinishReason.OTHER),
                AnthropicFields.usage(object.path("usage"), Usage.NONE),
                raw);
    }

    private static @Nullable Content part(JsonNode block) {
        return switch (Json.textOrEmpty(block, "type")) {
            case "text" -> {
                String text = Json.textOrEmpty(block, "text");
                yield text.isEmpty() ? null : new Content.Text(text);
            }
            case "tool_use" ->
                new Content.ToolCall(
                        Json.textOrEmpty(block, "id"),
                        Json.textOrEmpty(block, "name"),
                        block.path("input").isObject() ? Json.string(block.path("input")) : "{}");
            case "thinking" ->
                new Content.Reasoning(Json.textOrEmpty(block, "thinking"), Json.text(block, "signature"), null);
            case "redacted_thinking" -> new Content.Reasoning("", null, Json.textOrEmpty(block, "data"));
            default -> block.isObject() ? new Content.Other(AnthropicDialect.NAME, Json.string(block)) : null;
        };
    }
}
