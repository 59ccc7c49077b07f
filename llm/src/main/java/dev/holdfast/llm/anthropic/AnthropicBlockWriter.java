// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the blocks of messages that are sent. */
final class AnthropicBlockWriter {
    private final ErrorReader errors;
    private final Carrier carrier;

    AnthropicBlockWriter(ErrorReader errors, Carrier carrier) {
        this.errors = errors;
        this.carrier = carrier;
    }

    void write(ArrayNode blocks, Content part, String path) {
        if (part instanceof Content.Text text) {
            if (!text.text().isEmpty()) { // the API refuses empty text blocks
                add(blocks, AnthropicBlocks.text(text.text()), text.extra(), path);
            }
        } else if (part instanceof Content.ImageUrl image) {
            detail(image.detail(), path);
            ObjectNode block = Json.object().put("type", "image");
            block.putObject("source").put("type", "url").put("url", image.url());
            add(blocks, block, image.extra(), path);
        } else if (part instanceof Content.ImageData image) {
            detail(image.detail(), path);
            ObjectNode block = Json.object().put("type", "image");
            block.putObject("source")
                    .put("type", "base64")
                    .put("media_type", image.mediaType())
                    .put("data", image.base64());
            add(blocks, block, image.extra(), path);
        } else if (part instanceof Content.ToolCall call) {
            ObjectNode input = Json.objectOrNull(call.argumentsJson());
            if (input == null) {
                throw errors.notCarried("tool call arguments that are not a JSON object");
            }
            add(blocks, AnthropicBlocks.toolUse(call, input), call.extra(), path);
        } else if (part instanceof Content.ToolResult result) {
            toolResult(blocks, result, path);
        } else if (part instanceof Content.Reasoning reasoning) {
            reasoning(blocks, reasoning, path);
        } else if (part instanceof Content.Other other && other.dialect().equals(AnthropicDialect.NAME)) {
            blocks.add(Json.read(other.json()));
        } else {
            throw errors.notCarried("a part that only another dialect knows");
        }
    }

    private void add(ArrayNode blocks, ObjectNode block, Extra extra, String path) {
        carrier.extra(block, extra, path);
        blocks.add(block);
    }

    private void toolResult(ArrayNode blocks, Content.ToolResult result, String path) {
        ObjectNode block = Json.object().put("type", "tool_result").put("tool_use_id", result.toolCallId());
        boolean list = carrier.hasForm(result.extra(), AnthropicForms.LIST);
        if (!list
                && result.content().size() == 1
                && result.content().get(0) instanceof Content.Text only
                && !carrier.hasFields(only.extra())) {
            block.put("content", only.text());
            carrier.extra(Json.object(), only.extra(), path + ".content[0]");
        } else if (!result.content().isEmpty()) {
            ArrayNode inner = block.putArray("content");
            for (int i = 0; i < result.content().size(); i++) {
                write(inner, result.content().get(i), path + ".content[" + i + "]");
            }
        }
        if (result.error()) {
            block.put("is_error", true);
        }
        add(blocks, block, result.extra(), path);
    }

    /** Without the signature the API refuses a thinking block, and a summary from elsewhere has none. */
    private void reasoning(ArrayNode blocks, Content.Reasoning reasoning, String path) {
        if (reasoning.redacted() == null && reasoning.signature() == null) {
            carrier.dropped(path, "reasoning without a signature is refused here");
        } else {
            add(blocks, AnthropicBlocks.reasoning(reasoning), reasoning.extra(), path);
        }
    }

    private void detail(@Nullable String detail, String path) {
        if (detail != null) {
            carrier.dropped(path + ".image_url.detail", "images have no detail here");
        }
    }
}
