// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.anthropic;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.AnswerHead;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.EncodedResponse;
import dev.holdfast.llm.internal.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a whole message. */
final class AnthropicResponseWriter {
    private final Carrier carrier = new Carrier(AnthropicDialect.NAME);

    EncodedResponse write(LlmResponse response, AnswerHead as) {
        ObjectNode body =
                head(as.id().isEmpty() ? response.id() : as.id(), as.model().isEmpty() ? response.model() : as.model());
        ArrayNode content = body.putArray("content");
        for (int i = 0; i < response.content().size(); i++) {
            block(content, response.content().get(i), "content[" + i + "]");
        }
        body.put("stop_reason", stopReason(response, carrier));
        body.putNull("stop_sequence");
        body.set("usage", usage(response.usage(), carrier));
        carrier.extra(body, response.extra(), "");
        return new EncodedResponse(Json.bytes(body), carrier.notes());
    }

    static ObjectNode head(String id, String model) {
        return Json.object()
                .put("id", id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
    }

    static String stopReason(LlmResponse response, Carrier carrier) {
        @Nullable String word = AnthropicFields.word(response.finishReason());
        if (word == null && !carrier.states(response.extra(), "/stop_reason")) {
            carrier.approximated("stop_reason", "told as end_turn");
        }
        return word == null ? "end_turn" : word;
    }

    static ObjectNode usage(Usage usage, Carrier carrier) {
        if (usage.reasoningTokens() > 0) {
            carrier.dropped("usage.completion_tokens_details.reasoning_tokens", "counted with the output here");
        }
        return AnthropicFields.usage(usage);
    }

    private void block(ArrayNode content, Content part, String path) {
        report(part, path, carrier);
        ObjectNode block;
        if (part instanceof Content.Text text) {
            block = AnthropicBlocks.text(text.text());
        } else if (part instanceof Content.ToolCall call) {
            ObjectNode input = Json.objectOrNull(call.argumentsJson());
            block = AnthropicBlocks.toolUse(call, input == null ? wrapped(call) : input);
        } else if (part instanceof Content.Reasoning reasoning) {
            block = AnthropicBlocks.told(reasoning);
        } else if (part instanceof Content.Other other && other.dialect().equals(AnthropicDialect.NAME)) {
            block = Json.requireObject(other.json(), "json");
        } else {
            return;
        }
        carrier.putBack(block, part.extra());
        content.add(block);
    }

    /** Reports what a part of an answer loses here. */
    static void report(Content part, String path, Carrier carrier) {
        boolean known = part instanceof Content.Text
                || part instanceof Content.Reasoning
                || (part instanceof Content.Other other && other.dialect().equals(AnthropicDialect.NAME));
        if (part instanceof Content.ToolCall call) {
            if (Json.objectOrNull(call.argumentsJson()) == null) {
                carrier.approximated(path + ".function.arguments", "no JSON object, so put into one as a string");
            }
        } else if (!known) {
            carrier.dropped(path, "a part of a kind that has no place in an answer here");
        }
        carrier.extra(Json.object(), part.extra(), path);
    }

    /** The model may write what is no object; the client shall see it all the same, and not an empty one. */
    static ObjectNode wrapped(Content.ToolCall call) {
        return Json.object().put("arguments", call.argumentsJson());
    }
}
