// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * A prompt for a model that stands in for another. Chat clients put all options of their model into each prompt, its name
 * included, and each model takes only options of its own kind. So the stand-in's own options are the ground; of the portable
 * ones what the caller chose otherwise than the first model has it comes on top, and tools and output schema always do. The
 * model's name is never carried over.
 */
final class RouteOptions {
    private RouteOptions() {}

    static Prompt translated(Prompt prompt, ChatModel first, ChatModel standIn) {
        ChatOptions asked = prompt.getOptions();
        if (asked == null) {
            return prompt;
        }
        ChatOptions usual = first.getOptions();
        ChatOptions.Builder<?> options = standIn.getOptions().mutate();
        carry(asked, usual, ChatOptions::getFrequencyPenalty, options, ChatOptions.Builder::frequencyPenalty);
        carry(asked, usual, ChatOptions::getMaxTokens, options, ChatOptions.Builder::maxTokens);
        carry(asked, usual, ChatOptions::getPresencePenalty, options, ChatOptions.Builder::presencePenalty);
        carry(asked, usual, ChatOptions::getStopSequences, options, ChatOptions.Builder::stopSequences);
        carry(asked, usual, ChatOptions::getTemperature, options, ChatOptions.Builder::temperature);
        carry(asked, usual, ChatOptions::getTopK, options, ChatOptions.Builder::topK);
        carry(asked, usual, ChatOptions::getTopP, options, ChatOptions.Builder::topP);
        if (asked instanceof ToolCallingChatOptions tools
                && options instanceof ToolCallingChatOptions.Builder<?> calling) {
            calling.toolCallbacks(tools.getToolCallbacks()).toolContext(tools.getToolContext());
        }
        if (asked instanceof StructuredOutputChatOptions structured
                && structured.getOutputSchema() != null
                && options instanceof StructuredOutputChatOptions.Builder<?> shaped) {
            shaped.outputSchema(structured.getOutputSchema());
        }
        return with(prompt, options.build());
    }

    static Prompt with(Prompt prompt, ChatOptions options) {
        return prompt.mutate().chatOptions(options).build();
    }

    private static <V> void carry(
            ChatOptions asked,
            ChatOptions usual,
            Function<ChatOptions, @Nullable V> of,
            ChatOptions.Builder<?> to,
            BiConsumer<ChatOptions.Builder<?>, V> set) {
        V value = of.apply(asked);
        if (value != null && !Objects.equals(value, of.apply(usual))) {
            set.accept(to, value);
        }
    }
}
