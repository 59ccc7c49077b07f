// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.EventWriter;
import dev.holdfast.llm.internal.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the blocks of a streamed message; one is open at a time. Not thread-safe. */
final class AnthropicBlockEvents {
    private static final String NONE = "";
    private static final String CITATIONS = "citations";

    private final EventWriter out;
    private final Carrier carrier;
    private String open = NONE;
    private int index = -1;

    AnthropicBlockEvents(EventWriter out, Carrier carrier) {
        this.out = out;
        this.carrier = carrier;
    }

    void write(StreamEvent event) {
        if (event instanceof StreamEvent.TextDelta delta) {
            open("text", AnthropicBlocks.text(""));
            delta("text_delta", "text", delta.text());
        } else if (event instanceof StreamEvent.TextEnd end) {
            citations(end);
            close();
        } else if (event instanceof StreamEvent.ReasoningDelta delta) {
            openReasoning();
            delta("thinking_delta", "thinking", delta.text());
        } else if (event instanceof StreamEvent.ReasoningEnd end) {
            endReasoning(end.reasoning());
        } else if (event instanceof StreamEvent.ToolCallComplete complete) {
            toolCall(complete.call());
        } else if (event instanceof StreamEvent.PartComplete complete) {
            part(complete.part());
        }
    }

    /** Ends the open block, if there is one. */
    void close() {
        if (!open.equals(NONE)) {
            open = NONE;
            out.typed(event("content_block_stop"));
        }
    }

    private void open(String kind, ObjectNode block) {
        if (open.equals(kind)) {
            return;
        }
        close();
        open = kind;
        index++;
        ObjectNode start = event("content_block_start");
        start.set("content_block", block);
        out.typed(start);
    }

    private void openReasoning() {
        open("thinking", AnthropicBlocks.told(new Content.Reasoning("")));
    }

    private void delta(String type, String name, String value) {
        delta(Json.object().put("type", type).put(name, value));
    }

    private void delta(ObjectNode delta) {
        ObjectNode event = event("content_block_delta");
        event.set("delta", delta);
        out.typed(event);
    }

    private ObjectNode event(String type) {
        return Json.object().put("type", type).put("index", index);
    }

    private void whole(ObjectNode block) {
        close();
        open(Json.textOrEmpty(block, "type"), block);
        close();
    }

    private void endReasoning(Content.Reasoning reasoning) {
        if (reasoning.redacted() != null) {
            whole(AnthropicBlocks.reasoning(reasoning));
            return;
        }
        if (reasoning.signature() != null) {
            openReasoning();
            delta("signature_delta", "signature", reasoning.signature());
        }
        close();
    }

    private void toolCall(Content.ToolCall call) {
        close();
        ObjectNode block = AnthropicBlocks.toolUse(call, Json.object());
        carrier.putBack(block, call.extra());
        open("tool_use", block);
        boolean asWritten = Json.objectOrNull(call.argumentsJson()) != null;
        String input = asWritten ? call.argumentsJson() : Json.string(AnthropicResponseWriter.wrapped(call));
        delta("input_json_delta", "partial_json", input);
        close();
    }

    private void part(Content.Other part) {
        if (part.dialect().equals(AnthropicDialect.NAME)) {
            whole(Json.requireObject(part.json(), "json"));
        }
    }

    private void citations(StreamEvent.TextEnd end) {
        ObjectNode fields = Json.requireObject(end.extra().jsonFor(AnthropicDialect.NAME), "extra");
        if (fields.get(CITATIONS) instanceof ArrayNode cited) {
            for (JsonNode citation : cited) {
                ObjectNode delta = Json.object().put("type", "citations_delta");
                delta.set("citation", citation);
                delta(delta);
            }
        }
    }
}
