// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.WireObject;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads a client's messages. The tool results at a message's head become a message of their own. */
final class AnthropicMessageReader {
    private final List<Message> messages = new ArrayList<>();
    private String lastRole = "";

    private AnthropicMessageReader() {}

    static List<Message> read(List<JsonNode> elements) {
        AnthropicMessageReader reader = new AnthropicMessageReader();
        for (int i = 0; i < elements.size(); i++) {
            reader.message(WireObject.of(elements.get(i), AnthropicDialect.NAME, "messages[" + i + "]"));
        }
        return reader.messages;
    }

    private void message(WireObject wire) {
        String role = wire.required("role");
        if (!role.equals("user") && !role.equals("assistant")) {
            throw wire.wrong("role", "must be user or assistant");
        }
        boolean apart = role.equals(lastRole);
        lastRole = role;
        List<Content> parts = content(wire, role.equals("user"));
        int results = 0;
        while (role.equals("user") && results < parts.size() && parts.get(results) instanceof Content.ToolResult) {
            results++;
        }
        if (results > 0 && results < parts.size()) {
            Extra before = apart ? Carrier.form(AnthropicDialect.NAME, AnthropicForms.APART) : Extra.NONE;
            messages.add(new Message(Message.Role.TOOL, parts.subList(0, results), before));
            messages.add(new Message(Message.Role.USER, parts.subList(results, parts.size()), wire.extra()));
            return;
        }
        if (apart) {
            wire.form(AnthropicForms.APART);
        }
        Message.Role ours =
                role.equals("assistant") ? Message.Role.ASSISTANT : results > 0 ? Message.Role.TOOL : Message.Role.USER;
        messages.add(new Message(ours, parts, wire.extra()));
    }

    private static List<Content> content(WireObject wire, boolean required) {
        if (wire.peek("content").isString()) {
            wire.form(AnthropicForms.STRING);
            return List.of(new Content.Text(wire.required("content")));
        }
        List<JsonNode> blocks = wire.has("content") && !wire.peek("content").isArray() ? null : wire.list("content");
        if (blocks == null || (blocks.isEmpty() && required)) {
            throw wire.wrong("content", "is required and must be a string or a list of blocks");
        }
        return AnthropicBlockReader.readAll(blocks, wire.place("content"));
    }
}
