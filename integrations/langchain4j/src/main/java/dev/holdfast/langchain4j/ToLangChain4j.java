// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.TranslationNote;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request put into LangChain4j's terms, with notes of what those have no place for. Not thread-safe. */
final class ToLangChain4j {
    private final List<TranslationNote> notes = new ArrayList<>();
    private final ChatRequest request;

    /** @throws dev.holdfast.llm.ProviderException scope other_target, if a part of a message cannot be carried */
    ToLangChain4j(LlmRequest from) {
        List<ChatMessage> messages = new ArrayList<>();
        if (from.system() != null) {
            messages.add(SystemMessage.from(from.system()));
        }
        messages.addAll(new MessagesToLangChain4j(notes).translated(from.messages()));
        request = ChatRequest.builder()
                .messages(messages)
                .parameters(parameters(from))
                .build();
    }

    ChatRequest request() {
        return request;
    }

    List<TranslationNote> notes() {
        return notes;
    }

    private ChatRequestParameters parameters(LlmRequest from) {
        DefaultChatRequestParameters.Builder<?> to = ChatRequestParameters.builder();
        if (from.temperature() != null) {
            to.temperature(from.temperature());
        }
        if (from.topP() != null) {
            to.topP(from.topP());
        }
        if (from.topK() != null) {
            to.topK(from.topK());
        }
        if (from.frequencyPenalty() != null) {
            to.frequencyPenalty(from.frequencyPenalty());
        }
        if (from.presencePenalty() != null) {
            to.presencePenalty(from.presencePenalty());
        }
        if (from.maxTokens() != null) {
            to.maxOutputTokens(from.maxTokens());
        }
        if (!from.stop().isEmpty()) {
            to.stopSequences(from.stop());
        }
        tools(from, to);
        format(from.responseFormat(), to);
        notCarried(from);
        return to.build();
    }

    private void tools(LlmRequest from, DefaultChatRequestParameters.Builder<?> to) {
        List<ToolSpecification> offered = new ArrayList<>();
        ToolChoice choice = from.toolChoice();
        String insisted = choice instanceof ToolChoice.Named named ? named.name() : null;
        for (int i = 0; i < from.tools().size(); i++) {
            ToolDefinition tool = from.tools().get(i);
            if (insisted == null || insisted.equals(tool.name())) {
                offered.add(specification(tool, "tools[" + i + "]"));
            }
        }
        if (!offered.isEmpty()) {
            to.toolSpecifications(offered);
        }
        if (insisted != null) {
            notes.add(TranslationNote.approximated("tool_choice", "only the tool that was insisted on is offered"));
            to.toolChoice(dev.langchain4j.model.chat.request.ToolChoice.REQUIRED);
        } else if (choice instanceof ToolChoice.Mode mode) {
            to.toolChoice(
                    switch (mode.word()) {
                        case "required" -> dev.langchain4j.model.chat.request.ToolChoice.REQUIRED;
                        case "none" -> dev.langchain4j.model.chat.request.ToolChoice.NONE;
                        default -> dev.langchain4j.model.chat.request.ToolChoice.AUTO;
                    });
        }
    }

    private ToolSpecification specification(ToolDefinition tool, String path) {
        ToolSpecification.Builder to = ToolSpecification.builder()
                .name(tool.name())
                .parameters(Schemas.parameters(tool.parametersJson(), path + ".parameters", notes));
        if (!tool.description().isEmpty()) {
            to.description(tool.description());
        }
        if (tool.strict() != null) {
            to.strict(tool.strict());
        }
        dropped(!tool.extra().isEmpty(), path, "fields of one dialect");
        return to.build();
    }

    private void format(ResponseFormat format, DefaultChatRequestParameters.Builder<?> to) {
        if (format instanceof ResponseFormat.JsonObject) {
            to.responseFormat(dev.langchain4j.model.chat.request.ResponseFormat.JSON);
        } else if (format instanceof ResponseFormat.JsonSchema schema) {
            to.responseFormat(dev.langchain4j.model.chat.request.ResponseFormat.builder()
                    .type(ResponseFormatType.JSON)
                    .jsonSchema(JsonSchema.builder()
                            .name(schema.name())
                            .rootElement(JsonRawSchema.from(schema.schemaJson()))
                            .build())
                    .build());
            if (schema.strict()) {
                notes.add(TranslationNote.approximated(
                        "response_format.json_schema.strict", "whether a schema is strict is a setting of the model"));
            }
        }
    }

    private void notCarried(LlmRequest from) {
        String why = "LangChain4j's requests have no place for it";
        set(from.parallelToolCalls(), "parallel_tool_calls", why);
        set(from.seed(), "seed", why);
        set(from.choices(), "n", why);
        set(from.logprobs(), "logprobs", why);
        set(from.topLogprobs(), "top_logprobs", why);
        set(from.userId(), "user", why);
        dropped(!from.metadata().isEmpty(), "metadata", why);
        dropped(!from.extra().isEmpty(), "extra", "fields of one dialect");
        dropped(!from.extraJson().strip().equals("{}"), "extraJson", why);
    }

    private void set(@Nullable Object value, String path, String why) {
        dropped(value != null, path, why);
    }

    private void dropped(boolean stated, String path, String why) {
        if (stated) {
            notes.add(TranslationNote.dropped(path, why));
        }
    }
}
