// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.dialect.InvalidRequestException;
import dev.holdfast.llm.dialect.WireObject;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reads a client's messages. Tool results that follow each other are one message of ours. */
final class OpenAiMessageReader {
    private final List<Message> messages = new ArrayList<>();
    private final List<Content> results = new ArrayList<>();

    private OpenAiMessageReader() {}

    static List<Message> read(List<JsonNode> elements) {
        OpenAiMessageReader reader = new OpenAiMessageReader();
        for (int i = 0; i < elements.size(); i++) {
            reader.message(WireObject.of(elements.get(i), OpenAiDialect.NAME, "messages[" + i + "]"));
        }
        reader.endResults();
        return reader.messages;
    }

    private void message(WireObject wire) {
        String role = wire.required("role");
        if (role.equals("tool")) {
            results.add(toolResult(wire));
            return;
        }
        endResults();
        switch (role) {
            case "user" -> add(Message.Role.USER, spoken(wire, true), wire);
            case "system" -> add(Message.Role.SYSTEM, spoken(wire, true), wire);
            case "developer" -> {
                wire.form(OpenAiForms.DEVELOPER);
                add(Message.Role.SYSTEM, spoken(wire, true), wire);
            }
            case "assistant" -> add(Message.Role.ASSISTANT, assistant(wire), wire);
            default -> throw wire.wrong("role", "must be system, developer, user, assistant or tool");
        }
    }

    private void add(Message.Role role, List<Content> parts, WireObject wire) {
        messages.add(new Message(role, parts, wire.extra()));
    }

    private void endResults() {
        if (!results.isEmpty()) {
            messages.add(new Message(Message.Role.TOOL, results));
            results.clear();
        }
    }

    private static Content toolResult(WireObject wire) {
        String id = wire.required("tool_call_id");
        List<Content> parts = spoken(wire, true);
        for (int i = 0; i < parts.size(); i++) {
            if (!(parts.get(i) instanceof Content.Text)) {
                throw new InvalidRequestException(
                        wire.place("content[" + i + "].type"), "must be text in a tool message");
            }
        }
        boolean nothing = parts.size() == 1 && parts.get(0).equals(new Content.Text(""));
        return new Content.ToolResult(id, nothing ? List.of() : parts, false, wire.extra());
    }

    private static List<Content> assistant(WireObject wire) {
        List<Content> parts = new ArrayList<>();
        String reasoning = wire.filled("reasoning_content");
        reasoning = reasoning == null && wire.peek("reasoning").isString() ? wire.filled("reasoning") : reasoning;
        if (reasoning != null) {
            parts.add(new Content.Reasoning(reasoning));
        }
        boolean unsaid = wire.peek("content").isMissingNode();
        List<Content> spoken = spoken(wire, false);
        parts.addAll(spoken);
        if (unsaid) {
            wire.form(OpenAiForms.NO_CONTENT);
        } else if (wire.peek("content").isNull()) {
            wire.take("content"); // the form that we write
        }
        String refusal = wire.filled("refusal");
        if (refusal != null) {
            parts.add(new Content.Text(refusal, OpenAiParts.form(OpenAiForms.REFUSAL)));
        }
        parts.addAll(toolCalls(wire));
        return parts;
    }

    private static List<Content> toolCalls(WireObject wire) {
        List<Content> calls = new ArrayList<>();
        boolean none =
                wire.peek("tool_calls").isArray() && wire.peek("tool_calls").isEmpty();
        List<JsonNode> elements = none ? null : wire.list("tool_calls");
        for (int i = 0; elements != null && i < elements.size(); i++) {
            WireObject call = WireObject.of(elements.get(i), OpenAiDialect.NAME, wire.place("tool_calls[" + i + "]"));
            String type = call.string("type");
            if (type != null && !type.equals("function")) {
                throw call.wrong("type", "must be function");
            }
            WireObject function = call.requiredObject("function");
            String id = call.required("id");
            String name = function.required("name");
            calls.add(new Content.ToolCall(id, name, arguments(function), call.extra()));
        }
        return calls;
    }

    private static String arguments(WireObject function) {
        if (function.peek("arguments").isObject()) {
            return function.json("arguments");
        }
        String arguments = function.string("arguments");
        return arguments == null || arguments.isBlank() ? "{}" : arguments;
    }

    /** Content as a string or as a list of parts. */
    private static List<Content> spoken(WireObject wire, boolean required) {
        JsonNode content = wire.peek("content");
        if (content.isString()) {
            return List.of(new Content.Text(wire.required("content")));
        }
        if (content instanceof ArrayNode && content.isEmpty() && !required) {
            return List.of();
        }
        List<JsonNode> elements = wire.has("content") && !content.isArray() ? null : wire.list("content");
        if (elements == null || elements.isEmpty()) {
            if (required || wire.has("content")) {
                throw wire.wrong("content", "is required and must be a string or a list of parts");
            }
            return List.of();
        }
        List<Content> parts = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            parts.add(OpenAiParts.read(elements.get(i), wire.place("content[" + i + "]")));
        }
        if (parts.size() == 1
                && parts.get(0) instanceof Content.Text text
                && text.extra().isEmpty()) {
            wire.form(OpenAiForms.LIST);
        }
        return parts;
    }
}
