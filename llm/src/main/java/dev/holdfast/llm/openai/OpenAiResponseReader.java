// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Leftover;
import dev.holdfast.llm.internal.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a whole chat completion; of several choices the first, the others are kept as they are. */
final class OpenAiResponseReader {
    private OpenAiResponseReader() {}

    static @Nullable LlmResponse read(ObjectNode object, String raw) {
        JsonNode choices = object.get("choices");
        if (choices == null || !choices.isArray()) {
            return null;
        }
        JsonNode choice = choices.path(0);
        JsonNode message = choice.path("message");
        FinishReason stated = OpenAiFields.finishReason(choice);
        List<Content> content = new ArrayList<>();
        String reasoning = OpenAiFields.reasoning(message);
        if (!reasoning.isEmpty()) {
            content.add(new Content.Reasoning(reasoning));
        }
        String text = OpenAiFields.text(message);
        if (!text.isEmpty()) {
            content.add(new Content.Text(text));
        }
        String refusal = Json.textOrEmpty(message, "refusal");
        if (!refusal.isEmpty()) {
            content.add(new Content.Text(refusal, OpenAiParts.form(OpenAiForms.REFUSAL)));
        }
        int textual = content.size();
        toolCalls(message, content, stated != null && stated.isCut());
        FinishReason reason = finishReason(stated, !refusal.isEmpty(), content.size() > textual);
        String id = Json.textOrEmpty(object, "id");
        String model = Json.textOrEmpty(object, "model");
        Usage usage = OpenAiFields.usage(object.path("usage"));
        return new LlmResponse(id, model, content, reason, usage, raw).withExtra(rest(object, reason));
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
                content.add(new Content.ToolCall(id.isEmpty() ? "call_" + number : id, name, arguments, rest(call)));
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

    /** What a tool call holds that the model has no words for. */
    static Extra rest(JsonNode call) {
        if (!(call instanceof ObjectNode object)) {
            return Extra.NONE;
        }
        ObjectNode rest = object.deepCopy();
        rest.remove(List.of("id", "type", "index"));
        if (rest.get("function") instanceof ObjectNode function) {
            function.remove(List.of("name", "arguments"));
            if (function.isEmpty()) {
                rest.remove("function");
            }
        }
        return Leftover.extra(OpenAiDialect.NAME, rest);
    }

    private static Extra rest(ObjectNode object, FinishReason reason) {
        object.remove(List.of("id", "model", "object"));
        usageRest(object);
        ArrayNode choices = (ArrayNode) object.get("choices");
        if (choices.path(0) instanceof ObjectNode choice) {
            choice.remove("index");
            Leftover.reason(choice, "finish_reason", reason, OpenAiFields::word);
            if (choice.get("message") instanceof ObjectNode message) {
                messageRest(message);
                if (message.isEmpty()) {
                    choice.remove("message");
                }
            }
        }
        if (choices.size() < 2 && choices.path(0).isEmpty()) {
            object.remove("choices");
        }
        return Leftover.extra(OpenAiDialect.NAME, object);
    }

    private static void messageRest(ObjectNode message) {
        message.remove(List.of("role", "content", "reasoning_content", "reasoning", "tool_calls"));
        if (!Json.textOrEmpty(message, "refusal").isEmpty()) {
            message.remove("refusal");
        }
    }

    static void usageRest(ObjectNode object) {
        if (object.get("usage") instanceof ObjectNode usage) {
            Leftover.counts(usage, "prompt_tokens_details", "cached_tokens", "cache_write_tokens");
            Leftover.counts(usage, "completion_tokens_details", "reasoning_tokens");
            usage.remove(List.of("prompt_tokens", "completion_tokens", "total_tokens"));
            if (usage.isEmpty()) {
                object.remove("usage");
            }
        }
    }
}
