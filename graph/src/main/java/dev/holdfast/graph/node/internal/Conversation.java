// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was said in an event loop, and as plain values for the checkpoint. */
final class Conversation {
    /** A rough measure that errs on the safe side for English and code. */
    private static final int CHARS_PER_TOKEN = 4;

    private static final int KEPT_MESSAGES = 6;
    private static final String REMOVED = "[removed to save space]";

    private final List<Message> messages = new ArrayList<>();

    void add(Message message) {
        messages.add(message);
    }

    List<Message> messages() {
        return messages;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** The tools that the model asked for last and that have no results yet. */
    List<Content.ToolCall> open() {
        if (messages.isEmpty() || messages.get(messages.size() - 1).role() != Message.Role.ASSISTANT) {
            return List.of();
        }
        return messages.get(messages.size() - 1).content().stream()
                .filter(Content.ToolCall.class::isInstance)
                .map(Content.ToolCall.class::cast)
                .toList();
    }

    /** Old results of tools give way when the conversation comes near its limit. */
    void shorten(long maxTokens) {
        for (int i = 0; i < messages.size() - KEPT_MESSAGES && chars() / CHARS_PER_TOKEN > maxTokens * 8 / 10; i++) {
            Message message = messages.get(i);
            if (message.role() == Message.Role.TOOL) {
                messages.set(
                        i,
                        new Message(
                                Message.Role.TOOL,
                                message.content().stream()
                                        .map(Conversation::removed)
                                        .toList()));
            }
        }
    }

    private static Content removed(Content content) {
        return content instanceof Content.ToolResult result
                ? new Content.ToolResult(result.toolCallId(), List.of(new Content.Text(REMOVED)), result.error())
                : content;
    }

    private long chars() {
        return messages.stream()
                .flatMap(message -> message.content().stream())
                .mapToLong(Conversation::chars)
                .sum();
    }

    private static long chars(Content content) {
        if (content instanceof Content.Text text) {
            return text.text().length();
        }
        if (content instanceof Content.ToolCall call) {
            return call.argumentsJson().length();
        }
        return content instanceof Content.ToolResult result
                ? result.content().stream().mapToLong(Conversation::chars).sum()
                : 0;
    }

    List<Map<String, @Nullable Object>> plain() {
        return messages.stream()
                .map(message -> {
                    Map<String, @Nullable Object> json = new LinkedHashMap<>();
                    json.put("role", message.role().name().toLowerCase(Locale.ROOT));
                    json.put(
                            "content",
                            message.content().stream().map(Conversation::plain).toList());
                    return json;
                })
                .toList();
    }

    private static Map<String, @Nullable Object> plain(Content content) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        if (content instanceof Content.ToolCall call) {
            json.put("call", call.id());
            json.put("name", call.name());
            json.put("arguments", call.argumentsJson());
        } else if (content instanceof Content.ToolResult result) {
            json.put("result", result.toolCallId());
            json.put("text", text(result.content()));
            json.put("error", result.error());
        } else if (content instanceof Content.Reasoning reasoning) {
            json.put("reasoning", reasoning.text());
            json.put("signature", reasoning.signature());
            json.put("redacted", reasoning.redacted());
        } else if (content instanceof Content.Other other) {
            json.put("dialect", other.dialect());
            json.put("json", other.json());
        } else {
            json.put("text", text(List.of(content)));
        }
        return json;
    }

    private static String text(List<Content> content) {
        StringBuilder text = new StringBuilder();
        for (Content part : content) {
            text.append(part instanceof Content.Text words ? words.text() : part.toString());
        }
        return text.toString();
    }

    static Conversation of(List<?> plain) {
        Conversation conversation = new Conversation();
        for (Object message : plain) {
            Map<?, ?> json = (Map<?, ?>) message;
            List<Content> content = new ArrayList<>();
            ((List<?>) Objects.requireNonNull(json.get("content")))
                    .forEach(part -> content.add(content((Map<?, ?>) part)));
            String role = ((String) Objects.requireNonNull(json.get("role"))).toUpperCase(Locale.ROOT);
            conversation.add(new Message(Message.Role.valueOf(role), content));
        }
        return conversation;
    }

    private static Content content(Map<?, ?> json) {
        if (json.containsKey("call")) {
            return new Content.ToolCall(string(json, "call"), string(json, "name"), string(json, "arguments"));
        }
        if (json.containsKey("result")) {
            return new Content.ToolResult(
                    string(json, "result"),
                    List.of(new Content.Text(string(json, "text"))),
                    Boolean.TRUE.equals(json.get("error")));
        }
        if (json.containsKey("reasoning")) {
            return new Content.Reasoning(
                    string(json, "reasoning"), (String) json.get("signature"), (String) json.get("redacted"));
        }
        return json.containsKey("dialect")
                ? new Content.Other(string(json, "dialect"), string(json, "json"))
                : new Content.Text(string(json, "text"));
    }

    private static String string(Map<?, ?> json, String key) {
        return (String) Objects.requireNonNull(json.get(key));
    }
}
