// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a whole chat completion; of several choices the first. */
final class OpenAiResponseReader {
    private OpenAiResponseReader() {}

    static @Nullable LlmResponse read(ObjectNode object, String raw) {
        JsonNode choices = object.get("choices");
        if (choices == null || !choices.isArray()) {
            return null;
        }
        JsonNode choice = choices.path(0);
        JsonNode message = choice.path("message");
        FinishReason reason = OpenAiFields.finishReason(choice);
        List<Content> content = new ArrayList<>();
        String reasoning = OpenAiFields.reasoning(message);
        if (!reasoning.isEmpty()) {
            content.add(new Content.Reasoning(reasoning));
        }
        String text = OpenAiFields.text(message);
        String refusal = Json.textOrEmpty(message, "refusal");
        if (!text.isEmpty() || !refusal.isEmpty()) {
            content.add(new Content.Text(text + refusal));
        }
        int textual = content.size();
        toolCalls(message, content, reason != null && reason.isCut());
        return new LlmResponse(
                Json.textOrEmpty(object, "id"),
                Json.textOrEmpty(object, "model"),
                content,
                finishReason(reason, !refusal.isEmpty(), content.size() > textual),
                OpenAiFields.usage(object.path("usage")),
                raw);
    }

    /** A refusal is a refusal whatever the word beside it, and a call is waiting whatever the word beside it. */
    static FinishReason finishReason(@Nullable FinishReason stated, boolean refused, boolean calls) {
        if (refused) {
            return FinishReason.CONTENT_FILTER;
        }
        if (calls && (stated == null || stated == FinishReason.STOP)) {
            return FinishReason.TOOL_CALLS;
        }
        return stated == null ? FinishReason.OTHER : stated;
    }

    private static void toolCalls(JsonNode message, List<Content> content, boolean cut) {
        int number = 0;
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            String name = Json.textOrEmpty(function, "name");
            String arguments = arguments(function);
            boolean half = cut && Json.objectOrNull(arguments) == null;
            if (!name.isEmpty() && !half) {
                String id = Json.textOrEmpty(call, "id");
                content.add(new Content.ToolCall(id.isEmpty() ? "call_" + number : id, name, arguments));
            }
            number++;
        }
    }

    /** A string by the book, an object from some servers. */
    static String arguments(JsonNode function) {
        JsonNode arguments = function.path("arguments");
        if (arguments.isObject()) {
            return Json.string(arguments);
        }
        return arguments.isString() && !arguments.stringValue().isBlank() ? arguments.stringValue() : "{}";
    }
}
