// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.dialect.Answers;
import dev.holdfast.llm.dialect.EventReader;
import dev.holdfast.llm.dialect.Leftover;
import dev.holdfast.llm.dialect.StreamAssembly;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.stream.ServerSentEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the events of a message stream. The terminal marker is {@code message_stop}; what is unknown is passed over. */
final class AnthropicEventReader implements EventReader {
    /** A block that is handed over when it is whole; its input arrives in pieces. */
    private record OpenBlock(ObjectNode start, StringBuilder input) {}

    private final StreamAssembly assembly;
    private final Map<Integer, OpenBlock> others = new HashMap<>();

    private final AnthropicEventRest rest = new AnthropicEventRest();
    private FinishReason stopReason = FinishReason.OTHER;

    AnthropicEventReader(StreamAssembly assembly) {
        this.assembly = assembly;
        assembly.extraFrom(rest::whole);
    }

    /** Never: {@code message_stop} ends the stream by itself. */
    @Override
    public boolean sawTerminalMarker() {
        return false;
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        String data = event.data().strip();
        if (data.isEmpty()) {
            return;
        }
        ObjectNode object = Json.objectOrNull(data);
        if (object == null) {
            if (!event.type().equals("ping")) {
                assembly.malformed(data);
            }
        } else if (Answers.isError(object) || event.type().equals("error")) {
            assembly.errorEvent(data);
        } else {
            event(object, event.type());
        }
    }

    private void event(ObjectNode object, String eventType) {
        String type = Json.textOrEmpty(object, "type");
        int index = (int) Math.min(Integer.MAX_VALUE, Json.count(object, "index"));
        switch (type.isEmpty() ? eventType : type) {
            case "message_start" -> start(object.path("message"));
            case "content_block_start" -> blockStart(index, object.path("content_block"));
            case "content_block_delta" -> blockDelta(index, object.path("delta"));
            case "content_block_stop" -> blockStop(index);
            case "message_delta" -> messageDelta(object);
            case "message_stop" -> assembly.complete();
            default -> {
                // ping, and what later versions may add
            }
        }
    }

    private void start(JsonNode message) {
        assembly.begin(Json.textOrEmpty(message, "id"), Json.textOrEmpty(message, "model"));
        usage(message.path("usage"));
        if (message instanceof ObjectNode object) {
            rest.start(object);
        }
    }

    private void blockStart(int index, JsonNode block) {
        switch (Json.textOrEmpty(block, "type")) {
            case "text" -> assembly.text(Json.textOrEmpty(block, "text"), Extra.NONE);
            case "thinking" -> assembly.reasoning(Json.textOrEmpty(block, "thinking"));
            case "redacted_thinking" -> {
                String data = Json.textOrEmpty(block, "data");
                assembly.part(new Content.Reasoning("", null, data), data.length());
            }
            case "tool_use" -> {
                JsonNode input = block.path("input");
                String whole = input.isObject() && !input.isEmpty() ? Json.string(input) : "";
                String id = Json.textOrEmpty(block, "id");
                String name = Json.textOrEmpty(block, "name");
                assembly.toolFragment(index, id, name, whole, toolRest(block));
            }
            default -> {
                if (block instanceof ObjectNode other
                        && assembly.reserve(Json.string(other).length())) {
                    others.put(index, new OpenBlock(other, new StringBuilder()));
                }
            }
        }
    }

    private static Extra toolRest(JsonNode block) {
        ObjectNode left = ((ObjectNode) block).deepCopy();
        left.remove(List.of("type", "id", "name", "input"));
        return Leftover.extra(AnthropicDialect.NAME, left);
    }

    private void blockDelta(int index, JsonNode delta) {
        switch (Json.textOrEmpty(delta, "type")) {
            case "text_delta" -> assembly.text(Json.textOrEmpty(delta, "text"), Extra.NONE);
            case "thinking_delta" -> assembly.reasoning(Json.textOrEmpty(delta, "thinking"));
            case "signature_delta" -> assembly.reasoningSignature(Json.textOrEmpty(delta, "signature"));
            case "input_json_delta" -> {
                String piece = Json.textOrEmpty(delta, "partial_json");
                OpenBlock other = others.get(index);
                if (other == null) {
                    assembly.toolFragment(index, "", "", piece, Extra.NONE);
                } else if (assembly.reserve(piece.length())) {
                    other.input().append(piece);
                }
            }
            case "citations_delta" -> assembly.reserve(rest.citation(delta.path("citation")));
            default -> {
                // what later versions may add: not part of the answer's text
            }
        }
    }

    private void blockStop(int index) {
        OpenBlock other = others.remove(index);
        if (other != null) {
            ObjectNode block = other.start();
            @Nullable ObjectNode input = Json.objectOrNull(other.input().toString());
            if (input != null) {
                block.set("input", input);
            }
            assembly.part(new Content.Other(AnthropicDialect.NAME, Json.string(block)), 0);
            return;
        }
        assembly.endText(rest.endText());
        assembly.endReasoning();
        assembly.endTool(index);
    }

    private void messageDelta(ObjectNode object) {
        FinishReason reason = AnthropicFields.finishReason(object.path("delta"));
        if (reason != null) {
            stopReason = reason;
            assembly.finishReason(reason);
        }
        usage(object.path("usage"));
        rest.messageDelta(object, stopReason);
    }

    private void usage(JsonNode usage) {
        if (usage.isObject()) {
            assembly.usage(AnthropicFields.usage(usage, assembly.usage()));
        }
    }
}
