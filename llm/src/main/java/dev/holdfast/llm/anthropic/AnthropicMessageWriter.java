// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes messages. Anthropic knows two roles that take turns and one system prompt outside: neighbours of one role
 * become one message, and system messages move into the system prompt, a block each.
 */
final class AnthropicMessageWriter {
    private final AnthropicBlockWriter blockWriter;
    private final ErrorReader errors;
    private final Carrier carrier;
    private final ArrayNode messages = Json.array();
    private final ArrayNode systemBlocks = Json.array();
    private @Nullable String systemText;
    private String lastRole = "";
    private ArrayNode lastContent = Json.array();

    AnthropicMessageWriter(ErrorReader errors, Carrier carrier) {
        this.errors = errors;
        this.carrier = carrier;
        this.blockWriter = new AnthropicBlockWriter(errors, carrier);
    }

    /** Puts messages and system prompt into the body; {@code instruction}, when not null, is the system prompt's last block. */
    void writeTo(ObjectNode body, @Nullable String instruction) {
        if (instruction != null) {
            systemBlocks.addObject().put("type", "text").put("text", instruction);
        }
        if (!systemBlocks.isEmpty()) {
            if (systemText != null) {
                systemBlocks.insertObject(0).put("type", "text").put("text", systemText);
            }
            body.set("system", systemBlocks);
        } else if (systemText != null) {
            body.put("system", systemText);
        }
        body.set("messages", messages);
    }

    void write(@Nullable String systemPrompt, List<Message> turns) {
        systemText = systemPrompt == null || systemPrompt.isEmpty() ? null : systemPrompt;
        for (int i = 0; i < turns.size(); i++) {
            String path = "messages[" + i + "]";
            if (turns.get(i).role() == Message.Role.SYSTEM) {
                system(turns.get(i), path);
            } else {
                turn(turns.get(i), path);
            }
        }
    }

    private void system(Message turn, String path) {
        if (!messages.isEmpty()) {
            carrier.approximated(path, "a system message in the middle moves to the system prompt");
        }
        for (int i = 0; i < turn.content().size(); i++) {
            if (!(turn.content().get(i) instanceof Content.Text)) {
                throw errors.notCarried("a system message that is not text");
            }
            blockWriter.write(systemBlocks, turn.content().get(i), path + ".content[" + i + "]");
        }
        carrier.extra(Json.object(), turn.extra(), path);
    }

    private void turn(Message turn, String path) {
        ArrayNode blocks = Json.array();
        for (int i = 0; i < turn.content().size(); i++) {
            blockWriter.write(blocks, turn.content().get(i), path + ".content[" + i + "]");
        }
        Extra extra = turn.extra();
        if (blocks.isEmpty()) {
            carrier.extra(Json.object(), extra, path);
            return; // the API refuses empty messages
        }
        String role = turn.role() == Message.Role.ASSISTANT ? "assistant" : "user";
        if (role.equals(lastRole) && !carrier.hasForm(extra, AnthropicForms.APART)) {
            ObjectNode last = (ObjectNode) messages.get(messages.size() - 1);
            lastContent.addAll(blocks);
            last.set("content", lastContent);
            carrier.extra(last, extra, path);
            return;
        }
        ObjectNode message = messages.addObject().put("role", role);
        if (carrier.hasForm(extra, AnthropicForms.STRING) && isBareText(blocks)) {
            message.set("content", blocks.get(0).get("text"));
        } else {
            message.set("content", blocks);
        }
        carrier.extra(message, extra, path);
        lastRole = role;
        lastContent = blocks;
    }

    private static boolean isBareText(ArrayNode blocks) {
        return blocks.size() == 1
                && blocks.get(0).size() == 2
                && blocks.get(0).path("text").isString();
    }
}
