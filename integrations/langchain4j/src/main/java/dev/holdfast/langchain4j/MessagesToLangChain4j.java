// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.TranslationNote;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.ImageContent.DetailLevel;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The turns of a conversation in LangChain4j's terms. Not thread-safe. */
final class MessagesToLangChain4j {
    private final List<TranslationNote> notes;
    private final Map<String, String> toolNames = new HashMap<>();

    /** @param notes are added to */
    MessagesToLangChain4j(List<TranslationNote> notes) {
        this.notes = notes;
    }

    List<ChatMessage> translated(List<Message> messages) {
        List<ChatMessage> translated = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            String path = "messages[" + i + "]";
            note(!message.extra().isEmpty(), path, "fields of one dialect");
            switch (message.role()) {
                case SYSTEM -> translated.add(SystemMessage.from(text(message, path)));
                case USER -> translated.add(UserMessage.from(parts(message.content(), path)));
                case ASSISTANT -> translated.add(assistant(message, path));
                case TOOL -> results(message, path, translated);
            }
        }
        return translated;
    }

    private String text(Message message, String path) {
        StringBuilder text = new StringBuilder();
        for (Content part : message.content()) {
            if (!(part instanceof Content.Text piece)) {
                throw notCarried(path, part);
            }
            text.append(piece.text());
        }
        return text.toString();
    }

    private List<dev.langchain4j.data.message.Content> parts(List<Content> content, String path) {
        List<dev.langchain4j.data.message.Content> parts = new ArrayList<>();
        for (int i = 0; i < content.size(); i++) {
            Content part = content.get(i);
            String at = path + ".content[" + i + "]";
            note(!part.extra().isEmpty(), at, "fields of one dialect");
            if (part instanceof Content.Text text) {
                parts.add(TextContent.from(text.text()));
            } else if (part instanceof Content.ImageUrl image) {
                parts.add(ImageContent.from(image.url(), detail(image.detail(), at)));
            } else if (part instanceof Content.ImageData image) {
                parts.add(ImageContent.from(image.base64(), image.mediaType(), detail(image.detail(), at)));
            } else {
                throw notCarried(at, part);
            }
        }
        return parts;
    }

    /** LangChain4j's images always have a level; its default is low. */
    private DetailLevel detail(@Nullable String word, String path) {
        if (word == null) {
            return DetailLevel.AUTO;
        }
        try {
            return DetailLevel.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            notes.add(TranslationNote.approximated(path + ".detail", "sent as auto"));
            return DetailLevel.AUTO;
        }
    }

    private AiMessage assistant(Message message, String path) {
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        List<ToolExecutionRequest> calls = new ArrayList<>();
        for (int i = 0; i < message.content().size(); i++) {
            Content part = message.content().get(i);
            String at = path + ".content[" + i + "]";
            note(!part.extra().isEmpty(), at, "fields of one dialect");
            if (part instanceof Content.Text piece) {
                text.append(piece.text());
            } else if (part instanceof Content.Reasoning thought) {
                thinking.append(thought.text());
                note(
                        thought.signature() != null || thought.redacted() != null,
                        at,
                        "proofs of reasoning are kept by the provider's own module alone");
            } else if (part instanceof Content.ToolCall call) {
                toolNames.put(call.id(), call.name());
                calls.add(ToolExecutionRequest.builder()
                        .id(call.id())
                        .name(call.name())
                        .arguments(call.argumentsJson())
                        .build());
            } else {
                throw notCarried(at, part);
            }
        }
        AiMessage.Builder builder = AiMessage.builder().toolExecutionRequests(calls);
        if (text.length() > 0) {
            builder.text(text.toString());
        }
        if (thinking.length() > 0) {
            builder.thinking(thinking.toString());
        }
        return builder.build();
    }

    private void results(Message message, String path, List<ChatMessage> translated) {
        for (int i = 0; i < message.content().size(); i++) {
            Content part = message.content().get(i);
            String at = path + ".content[" + i + "]";
            if (!(part instanceof Content.ToolResult result)) {
                throw notCarried(at, part);
            }
            note(!result.extra().isEmpty(), at, "fields of one dialect");
            ToolExecutionResultMessage.Builder builder = ToolExecutionResultMessage.builder()
                    .id(result.toolCallId())
                    .toolName(toolNames.getOrDefault(result.toolCallId(), ""));
            if (result.content().isEmpty()) {
                builder.text("");
            } else {
                builder.contents(parts(result.content(), at));
            }
            if (result.error()) {
                builder.isError(true);
            }
            translated.add(builder.build());
        }
    }

    private void note(boolean stated, String path, String why) {
        if (stated) {
            notes.add(TranslationNote.dropped(path, why));
        }
    }

    private static ProviderException notCarried(String path, Content part) {
        return new ProviderException(
                Failure.of(
                                Category.INVALID_REQUEST,
                                "langchain4j.not_carried",
                                "LangChain4j's messages cannot take " + path + " ("
                                        + part.getClass().getSimpleName() + ")")
                        .withScope(RetryScope.OTHER_TARGET)
                        .withSent(false),
                0,
                Map.of());
    }
}
