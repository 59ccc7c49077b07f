// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.AnswerHead;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.EncodedResponse;
import dev.holdfast.llm.internal.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a whole chat completion. */
final class OpenAiResponseWriter {
    static final String REASONING = "reasoning_content";

    private final Carrier carrier = new Carrier(OpenAiDialect.NAME);

    EncodedResponse write(LlmResponse response, AnswerHead as) {
        ObjectNode body = Json.object()
                .put("id", as.id().isEmpty() ? response.id() : as.id())
                .put("object", "chat.completion")
                .put("created", as.createdEpochSecond())
                .put("model", as.model().isEmpty() ? response.model() : as.model());
        ArrayNode choices = body.putArray("choices");
        ObjectNode choice = choices.addObject().put("index", 0);
        message(choice.putObject("message").put("role", "assistant"), response.content());
        choice.put("finish_reason", finishReason(response, carrier));
        if (!response.usage().equals(Usage.NONE)) {
            body.set("usage", OpenAiFields.usage(response.usage()));
        }
        carrier.choicesExtra(body, response.extra(), choices, choice);
        return new EncodedResponse(Json.bytes(body), carrier.notes());
    }

    static String finishReason(LlmResponse response, Carrier carrier) {
        @Nullable String word = OpenAiFields.word(response.finishReason());
        if (word == null && !carrier.states(response.extra(), "/choices/0/finish_reason")) {
            carrier.approximated("choices[0].finish_reason", "told as stop");
        }
        return word == null ? "stop" : word;
    }

    private void message(ObjectNode message, List<Content> parts) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        ArrayNode calls = Json.array();
        for (int i = 0; i < parts.size(); i++) {
            String path = "content[" + i + "]";
            Content part = parts.get(i);
            if (part instanceof Content.Text piece) {
                boolean refuses = carrier.hasForm(piece.extra(), OpenAiForms.REFUSAL);
                (refuses ? refusal : text).append(piece.text());
                carrier.extra(Json.object(), piece.extra(), path);
            } else if (part instanceof Content.Reasoning thought) {
                reasoning.append(thought.text());
                OpenAiReasoning.reportProof(thought, path, carrier);
            } else if (part instanceof Content.ToolCall call) {
                ObjectNode node = call(call);
                carrier.extra(node, call.extra(), path);
                calls.add(node);
            } else {
                carrier.dropped(path, "a part of a kind that has no place in an answer here");
            }
        }
        if (text.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text.toString());
        }
        put(message, "refusal", refusal);
        put(message, REASONING, reasoning);
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        OpenAiOrder.report(parts, carrier);
    }

    static ObjectNode call(Content.ToolCall call) {
        ObjectNode node = Json.object().put("id", call.id()).put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", call.argumentsJson());
        return node;
    }

    private static void put(ObjectNode message, String name, StringBuilder text) {
        if (!text.isEmpty()) {
            message.put(name, text.toString());
        }
    }
}
