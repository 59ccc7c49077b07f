// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.Usage;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers of LangChain4j's models in Holdfast's terms. */
final class FromLangChain4j {
    private FromLangChain4j() {}

    /** @param notes of the request; those of the answer are added */
    static LlmResponse response(ChatResponse from, List<TranslationNote> notes) {
        AiMessage message = from.aiMessage();
        List<Content> content = new ArrayList<>();
        String thinking = message.thinking();
        if (thinking != null && !thinking.isEmpty()) {
            content.add(new Content.Reasoning(thinking));
        }
        String text = message.text();
        if (text != null && !text.isEmpty()) {
            content.add(new Content.Text(text));
        }
        if (message.hasToolExecutionRequests()) {
            for (int i = 0; i < message.toolExecutionRequests().size(); i++) {
                content.add(call(message.toolExecutionRequests().get(i), i));
            }
        }
        List<TranslationNote> all = new ArrayList<>(notes);
        if (message.images() != null && !message.images().isEmpty()) {
            all.add(TranslationNote.dropped("images", "an answer has no place for images"));
        }
        return new LlmResponse(
                        Objects.requireNonNullElse(from.id(), ""),
                        Objects.requireNonNullElse(from.modelName(), ""),
                        content,
                        reason(from.finishReason()),
                        usage(from.tokenUsage()),
                        null)
                .withTranslation(all);
    }

    /** Some models give their calls no ids, which results must repeat. */
    static Content.ToolCall call(ToolExecutionRequest from, int index) {
        return new Content.ToolCall(
                from.id() == null ? "call_" + index : from.id(),
                from.name(),
                from.arguments() == null || from.arguments().isBlank() ? "{}" : from.arguments());
    }

    static Usage usage(@Nullable TokenUsage usage) {
        return usage == null
                ? Usage.NONE
                : Usage.of(Tokens.of(usage.inputTokenCount()), Tokens.of(usage.outputTokenCount()));
    }

    private static FinishReason reason(dev.langchain4j.model.output.@Nullable FinishReason reason) {
        if (reason == null) {
            return FinishReason.OTHER;
        }
        return switch (reason) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case TOOL_EXECUTION -> FinishReason.TOOL_CALLS;
            case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
            case OTHER -> FinishReason.OTHER;
        };
    }
}
