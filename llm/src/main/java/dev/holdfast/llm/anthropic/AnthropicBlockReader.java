// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.dialect.WireObject;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the blocks of a client's messages. */
final class AnthropicBlockReader {
    private AnthropicBlockReader() {}

    static List<Content> readAll(List<JsonNode> blocks, String path) {
        List<Content> parts = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            parts.add(read(blocks.get(i), path + "[" + i + "]"));
        }
        return parts;
    }

    static Content read(JsonNode node, String path) {
        WireObject block = WireObject.of(node, AnthropicDialect.NAME, path);
        if (!block.peek("type").isString()) {
            throw block.wrong("type", "is required and must be a string");
        }
        String type = block.peek("type").stringValue();
        return switch (type) {
            case "text" -> {
                block.take("type");
                yield new Content.Text(block.required("text"), block.extra());
            }
            case "image" -> image(block);
            case "tool_use" -> {
                block.take("type");
                String id = block.required("id");
                String name = block.required("name");
                yield new Content.ToolCall(id, name, block.json("input"), block.extra());
            }
            case "tool_result" -> {
                block.take("type");
                yield toolResult(block);
            }
            case "thinking" -> {
                block.take("type");
                String thinking = block.required("thinking");
                String signature = block.string("signature");
                // What came from elsewhere was given to the client with an empty one, see AnthropicBlocks.
                boolean proof = signature != null && !signature.isEmpty();
                yield new Content.Reasoning(thinking, proof ? signature : null, null, block.extra());
            }
            case "redacted_thinking" -> {
                block.take("type");
                yield new Content.Reasoning("", null, block.required("data"), block.extra());
            }
            default -> other(block);
        };
    }

    private static Content image(WireObject block) {
        WireObject source = block.requiredObject("source");
        switch (source.peek("type").asString("")) {
            case "url" -> {
                block.take("type");
                source.take("type");
                String url = source.required("url");
                return new Content.ImageUrl(url, null, block.extra());
            }
            case "base64" -> {
                block.take("type");
                source.take("type");
                String mediaType = source.required("media_type");
                String data = source.required("data");
                return new Content.ImageData(mediaType, data, null, block.extra());
            }
            default -> {
                return other(block);
            }
        }
    }

    private static Content toolResult(WireObject block) {
        String id = block.required("tool_use_id");
        boolean stated =
                block.peek("is_error").isBoolean() && !block.peek("is_error").booleanValue();
        // A false one stays where it is: it is not what we write.
        boolean error = !stated && Boolean.TRUE.equals(block.flag("is_error"));
        JsonNode content = block.peek("content");
        List<Content> parts = List.of();
        if (content.isString() && !content.stringValue().isEmpty()) {
            parts = List.of(new Content.Text(block.required("content")));
        } else if (content.isArray() && !content.isEmpty()) {
            List<JsonNode> elements = block.list("content");
            parts = readAll(elements == null ? List.of() : elements, block.place("content"));
            if (parts.size() == 1
                    && parts.get(0) instanceof Content.Text text
                    && text.extra().isEmpty()) {
                block.form(AnthropicForms.LIST);
            }
        } else if (block.has("content") && !content.isString() && !content.isArray()) {
            throw block.wrong("content", "must be a string or a list of blocks");
        }
        return new Content.ToolResult(id, parts, error, block.extra());
    }

    private static Content other(WireObject block) {
        return new Content.Other(AnthropicDialect.NAME, block.json());
    }
}
