// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.internal.Json;
import tools.jackson.databind.node.ObjectNode;

/** Blocks that requests and answers have in common. */
final class AnthropicBlocks {
    private AnthropicBlocks() {}

    static ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text);
    }

    static ObjectNode toolUse(Content.ToolCall call, ObjectNode input) {
        ObjectNode block =
                Json.object().put("type", "tool_use").put("id", call.id()).put("name", call.name());
        block.set("input", input);
        return block;
    }

    static ObjectNode reasoning(Content.Reasoning reasoning) {
        if (reasoning.redacted() != null) {
            return Json.object().put("type", "redacted_thinking").put("data", reasoning.redacted());
        }
        ObjectNode block = Json.object().put("type", "thinking").put("thinking", reasoning.text());
        return reasoning.signature() == null ? block : block.put("signature", reasoning.signature());
    }

    /** For a client, whose types demand a signature; an empty one says that there is none. */
    static ObjectNode told(Content.Reasoning reasoning) {
        ObjectNode block = reasoning(reasoning);
        return reasoning.redacted() == null && reasoning.signature() == null ? block.put("signature", "") : block;
    }
}
