// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** A chat model that does what it is told and remembers what it was asked. */
record FakeModel(
        ChatOptions options,
        Function<Prompt, ChatResponse> answer,
        Function<Prompt, Flux<ChatResponse>> parts,
        List<Prompt> asked)
        implements ChatModel {

    static FakeModel answering(ChatOptions options, Function<Prompt, ChatResponse> answer) {
        return new FakeModel(options, answer, prompt -> Flux.just(answer.apply(prompt)), new CopyOnWriteArrayList<>());
    }

    static FakeModel streaming(Function<Prompt, Flux<ChatResponse>> parts) {
        return new FakeModel(
                ChatOptions.builder().build(), prompt -> part("", "stop"), parts, new CopyOnWriteArrayList<>());
    }

    static ChatResponse part(String text, String finishReason) {
        return new ChatResponse(List.of(new Generation(
                new AssistantMessage(text),
                ChatGenerationMetadata.builder().finishReason(finishReason).build())));
    }

    @Override
    public ChatOptions getOptions() {
        return options;
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        asked.add(prompt);
        return answer.apply(prompt);
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        asked.add(prompt);
        return parts.apply(prompt);
    }
}
