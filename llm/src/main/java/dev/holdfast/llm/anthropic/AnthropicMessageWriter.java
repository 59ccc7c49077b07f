// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes messages. Anthropic knows two roles that take turns and one system prompt outside: neighbours of one role
 * become one message, and system messages move into the system prompt.
 */
final class AnthropicMessageWriter {
    private final ErrorReader errors;
    private final List<String> notCarried;
    private final ArrayNode messages = Json.array();
    private final StringBuilder system = new StringBuilder();
    private String lastRole = "";
    private ArrayNode lastContent = Json.array();

    AnthropicMessageWriter(ErrorReader errors, List<String> notCarried) {
        this.errors = errors;
        this.notCarried = notCarried;
    }

    /** The system prompt; empty when there is none. */
    String system() {
        return system.toString();
    }

    ArrayNode messages() {
        return messages;
    }

    void write(@Nullable String systemPrompt, List<Message> turns) {
        if (systemPrompt != null) {
            system.append(systemPrompt);
        }
        for (Message turn : turns) {
            if (turn.role() == Message.Role.SYSTEM) {
                system(turn);
            } else {
                turn(turn);
            }
        }
    }

    private void system(Message turn) {
        if (!messages.isEmpty()) {
            lost("the place of a system message");
        }
        for (Content part : turn.content()) {
            if (!(part instanceof Content.Text text)) {
                throw errors.notCarried("a system message that is not text");
            }
            system.append(system.isEmpty() ? "" : "\n\n").append(text.text());
        }
    }

    private void turn(Message turn) {
        ArrayNode blocks = Json.array();
        for (Content part : turn.content()) {
            block(blocks, part);
        }
        if (blocks.isEmpty()) {
            return; // the API refuses empty messages
        }
        String role = turn.role() == Message.Role.ASSISTANT ? "assistant" : "user";
        if (role.equals(lastRole)) {
            lastContent.addAll(blocks);
        } else {
            messages.addObject().put("role", role).set("content", blocks);
            lastRole = role;
            lastContent = blocks;
        }
    }

    private void block(ArrayNode blocks, Content part) {
        if (part instanceof Content.Text text) {
            text(blocks, text);
        } else if (part instanceof Content.ImageUrl image) {
            lostDetail(image.detail());
            image(blocks).put("type", "url").put("url", image.url());
        } else if (part instanceof Content.ImageData image) {
            lostDetail(image.detail());
            image(blocks)
                    .put("type", "base64")
                    .put("media_type", image.mediaType())
                    .put("data", image.base64());
        } else if (part instanceof Content.ToolCall call) {
            toolCall(blocks, call);
        } else if (part instanceof Content.ToolResult result) {
            toolResult(blocks, result);
        } else if (part instanceof Content.Reasoning reasoning) {
            reasoning(blocks, reasoning);
        } else if (part instanceof Content.Other other && other.dialect().equals(AnthropicDialect.NAME)) {
            blocks.add(Json.read(other.json()));
        } else {
            throw errors.notCarried("a part that only another dialect knows");
        }
    }

    private static void text(ArrayNode blocks, Content.Text text) {
        if (!text.text().isEmpty()) { // the API refuses empty text blocks
            blocks.addObject().put("type", "text").put("text", text.text());
        }
    }

    private static ObjectNode image(ArrayNode blocks) {
        return blocks.addObject().put("type", "image").putObject("source");
    }

    private void toolCall(ArrayNode blocks, Content.ToolCall call) {
        ObjectNode input = Json.objectOrNull(call.argumentsJson());
        if (input == null) {
            throw errors.notCarried("tool call arguments that are not a JSON object");
        }
        blocks.addObject()
                .put("type", "tool_use")
                .put("id", call.id())
                .put("name", call.name())
                .set("input", input);
    }

    private void toolResult(ArrayNode blocks, Content.ToolResult result) {
        ObjectNode block = blocks.addObject().put("type", "tool_result").put("tool_use_id", result.toolCallId());
        if (result.content().size() == 1 && result.content().get(0) instanceof Content.Text only) {
            block.put("content", only.text());
        } else {
            ArrayNode inner = Json.array();
            result.content().forEach(part -> block(inner, part));
            block.set("content", inner);
        }
        if (result.error()) {
            block.put("is_error", true);
        }
    }

    /** Without the signature the API refuses a thinking block, and a summary from elsewhere has none. */
    private void reasoning(ArrayNode blocks, Content.Reasoning reasoning) {
        if (reasoning.redacted() != null) {
            blocks.addObject().put("type", "redacted_thinking").put("data", reasoning.redacted());
        } else if (reasoning.signature() != null) {
            blocks.addObject()
                    .put("type", "thinking")
                    .put("thinking", reasoning.text())
                    .put("signature", reasoning.signature());
        } else {
            lost("reasoning without a signature");
        }
    }

    private void lostDetail(@Nullable String detail) {
        if (detail != null) {
            lost("the detail of an image");
        }
    }

    private void lost(String what) {
        if (!notCarried.contains(what)) {
            notCarried.add(what);
        }
    }
}
