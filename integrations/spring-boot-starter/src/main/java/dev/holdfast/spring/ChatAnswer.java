// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Attempt;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.util.StringUtils;

/** What a chat model has answered so far, plain or in parts: content, finish reason, usage. Not thread-safe. */
final class ChatAnswer implements StreamRules<ChatResponse> {
    /** How OpenAI's client names a finish reason that is not there. */
    private static final String ABSENT = "_unknown";

    /** Where Spring AI keeps what a model thinks aloud. */
    private static final String REASONING = "reasoningContent";

    private static final Set<String> FILTERED = Set.of("content_filter", "safety", "refusal");

    private final boolean finishReasonRequired;
    private boolean visible;
    private String finishReason = "";
    private long inputTokens;
    private long outputTokens;

    ChatAnswer(boolean finishReasonRequired) {
        this.finishReasonRequired = finishReasonRequired;
    }

    /** A plain answer, which needs no finish reason: it cannot be cut. */
    static ChatAnswer of(ChatResponse whole) {
        ChatAnswer answer = new ChatAnswer(false);
        answer.next(whole);
        return answer;
    }

    @Override
    public void next(ChatResponse part) {
        for (Generation generation : part.getResults()) {
            visible |= isVisible(generation.getOutput());
            String reason = generation.getMetadata().getFinishReason();
            if (StringUtils.hasText(reason) && !reason.equalsIgnoreCase(ABSENT)) {
                finishReason = reason.toLowerCase(Locale.ROOT);
            }
        }
        Usage usage = part.getMetadata().getUsage();
        if (usage != null) {
            inputTokens = Math.max(inputTokens, tokens(usage.getPromptTokens()));
            outputTokens = Math.max(outputTokens, tokens(usage.getCompletionTokens()));
        }
    }

    @Override
    public boolean visible() {
        return visible;
    }

    @Override
    public @Nullable Failure atEnd() {
        if (finishReasonRequired && finishReason.isEmpty()) {
            return Failure.of(
                    Category.STREAM_INTERRUPTED, "spring.no_finish_reason", "the stream ended without a finish reason");
        }
        if (visible) {
            return null;
        }
        return FILTERED.contains(finishReason)
                ? Failure.of(
                        Category.CONTENT_FILTER,
                        "response.content_filter",
                        "a content policy ended the answer before it began")
                : Failure.of(Category.EMPTY_RESPONSE, "response.empty", "the answer holds neither text nor tool calls");
    }

    @Override
    public void usage(Attempt attempt) {
        attempt.usage(inputTokens, outputTokens);
    }

    private static boolean isVisible(AssistantMessage message) {
        return StringUtils.hasLength(message.getText())
                || message.hasToolCalls()
                || !message.getMedia().isEmpty()
                || message.getMetadata().get(REASONING) instanceof String thought && !thought.isEmpty();
    }

    private static long tokens(@Nullable Integer count) {
        return count == null ? 0 : Math.max(0, count);
    }
}
