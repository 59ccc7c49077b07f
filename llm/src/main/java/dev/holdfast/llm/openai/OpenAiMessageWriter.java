// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes messages. OpenAI has a message of its own for each tool result, so one of ours can become several: results
 * first, because they must follow the calls that they answer, then the rest.
 */
final class OpenAiMessageWriter {
    private final ArrayNode messages;
    private final @Nullable String reasoningField;
    private final ErrorReader errors;
    private final List<String> notCarried;

    OpenAiMessageWriter(
            ArrayNode messages, @Nullable String reasoningField, ErrorReader errors, List<String> notCarried) {
        this.messages = messages;
        this.reasoningField = reasoningField;
        this.errors = errors;
        this.notCarried = notCarried;
    }

    void write(Message message) {
        message.content().stream()
                .filter(Content.ToolResult.class::isInstance)
                .forEach(part -> toolResult((Content.ToolResult) part));
        List<Content> rest = message.content().stream()
                .filter(part -> !(part instanceof Content.ToolResult))
                .toList();
        if (message.role() == Message.Role.ASSISTANT) {
            assistant(rest);
        } else if (!rest.isEmpty()) {
            String role = message.role() == Message.Role.SYSTEM ? "system" : "user";
            content(messages.addObject().put("role", role), rest);
        }
    }

    private void toolResult(Content.ToolResult result) {
        if (!result.content().stream().allMatch(Content.Text.class::isInstance)) {
            throw errors.notCarried("a tool result that is not text");
        }
        String text = text(result.content());
        // There is no error flag here; the model has to read it.
        String marked = result.error() && !text.toLowerCase(Locale.ROOT).startsWith("error") ? "Error: " + text : text;
        messages.addObject()
                .put("role", "tool")
                .put("tool_call_id", result.toolCallId())
                .put("content", marked);
    }

    private void assistant(List<Content> parts) {
        ObjectNode message = messages.addObject().put("role", "assistant");
        List<Content> spoken = parts.stream()
                .filter(part -> !(part instanceof Content.ToolCall) && !(part instanceof Content.Reasoning))
                .toList();
        if (spoken.isEmpty()) {
            message.putNull("content");
        } else {
            content(message, spoken);
        }
        reasoning(message, parts);
        ArrayNode calls = Json.array();
        for (Content part : parts) {
            if (part instanceof Content.ToolCall call) {
                ObjectNode node = calls.addObject().put("id", call.id()).put("type", "function");
                node.putObject("function").put("name", call.name()).put("arguments", call.argumentsJson());
            }
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
    }

    private void reasoning(ObjectNode message, List<Content> parts) {
        String reasoning = parts.stream()
                .filter(Content.Reasoning.class::isInstance)
                .map(part -> ((Content.Reasoning) part).text())
                .collect(Collectors.joining());
        if (parts.stream().noneMatch(Content.Reasoning.class::isInstance)) {
            return;
        }
        if (reasoningField != null && !reasoning.isEmpty()) {
            message.put(reasoningField, reasoning);
        } else if (!notCarried.contains("reasoning of earlier turns")) {
            notCarried.add("reasoning of earlier turns");
        }
    }

    private void content(ObjectNode message, List<Content> parts) {
        if (parts.size() == 1 && parts.get(0) instanceof Content.Text only) {
            message.put("content", only.text());
            return;
        }
        ArrayNode content = message.putArray("content");
        for (Content part : parts) {
            if (part instanceof Content.Text text) {
                content.addObject().put("type", "text").put("text", text.text());
            } else if (part instanceof Content.ImageUrl image) {
                image(content, image.url(), image.detail());
            } else if (part instanceof Content.ImageData image) {
                image(content, "data:" + image.mediaType() + ";base64," + image.base64(), image.detail());
            } else if (part instanceof Content.Other other && other.dialect().equals(OpenAiDialect.NAME)) {
                content.add(Json.read(other.json()));
            } else {
                throw errors.notCarried("a part of kind " + part.getClass().getSimpleName() + " here");
            }
        }
    }

    private static void image(ArrayNode content, String url, @Nullable String detail) {
        ObjectNode image = content.addObject()
                .put("type", "image_url")
                .putObject("image_url")
                .put("url", url);
        if (detail != null) {
            image.put("detail", detail);
        }
    }

    private static String text(List<Content> parts) {
        return parts.stream().map(part -> ((Content.Text) part).text()).collect(Collectors.joining());
    }
}
