// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Answers;
import dev.holdfast.llm.dialect.ErrorReader;
import dev.holdfast.llm.internal.Json;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one object of Gemini's own API tells: a whole answer, or one event of a streamed one.
 *
 * @param content whether it holds any part of an answer; thoughts are none
 * @param thought whether it holds a thought
 * @param end why the answer ended or was refused; null as long as it goes on
 * @param usage null where it states none
 */
record GeminiAnswer(
        boolean content,
        boolean thought,
        @Nullable String end,
        @Nullable Usage usage) {

    static GeminiAnswer of(ObjectNode object) {
        boolean content = false;
        boolean thought = false;
        String end = Json.text(object.path("promptFeedback"), "blockReason");
        for (JsonNode candidate : object.path("candidates")) {
            for (JsonNode part : candidate.path("content").path("parts")) {
                boolean says = saysSomething(part);
                boolean thinks = part.path("thought").asBoolean(false);
                content |= says && !thinks;
                thought |= says && thinks;
            }
            String reason = Json.text(candidate, "finishReason");
            end = reason == null ? end : reason;
        }
        return new GeminiAnswer(content, thought, end, usage(object.path("usageMetadata")));
    }

    /**
     * Sorts out of whole bodies what is no answer.
     *
     * @throws dev.holdfast.llm.ProviderException for all that is none
     */
    static void check(ErrorReader errors, ResponseHead head, byte[] body, Consumer<Usage> usage) {
        ObjectNode object = Json.objectOrNull(new String(body, StandardCharsets.UTF_8));
        if (object == null) {
            throw errors.unreadable(head, body);
        }
        GeminiAnswer answer = of(object);
        if (Answers.isError(object) || isEmpty(answer.content, answer.end)) {
            throw errors.response(head, body);
        }
        if (answer.usage != null) {
            usage.accept(answer.usage);
        }
    }

    /** One that the token limit cut before its first word is still an answer: asking again costs as much and gives the same. */
    static boolean isEmpty(boolean content, @Nullable String end) {
        return !content && !"MAX_TOKENS".equals(end);
    }

    private static boolean saysSomething(JsonNode part) {
        for (Map.Entry<String, JsonNode> member : part.properties()) {
            JsonNode value = member.getValue();
            if (value.isObject()
                    || (member.getKey().equals("text") && !value.asString("").isEmpty())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Usage usage(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        long thoughts = Json.count(node, "thoughtsTokenCount");
        return new Usage(
                Json.count(node, "promptTokenCount"),
                Json.count(node, "candidatesTokenCount") + thoughts,
                0,
                0,
                thoughts);
    }
}
