// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A streaming model that does to its handlers what a test says, at once or later. */
final class Scripted implements StreamingChatModel {
    final List<StreamingChatResponseHandler> handlers = new ArrayList<>();
    final List<ChatRequest> requests = new ArrayList<>();
    final List<ChatModelListener> listeners = new ArrayList<>();
    private final List<Consumer<StreamingChatResponseHandler>> script = new ArrayList<>();

    /** What the next call does that has no step yet; calls beyond the script stay silent. */
    Scripted then(Consumer<StreamingChatResponseHandler> step) {
        script.add(step);
        return this;
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        requests.add(request);
        handlers.add(handler);
        if (handlers.size() <= script.size()) {
            script.get(handlers.size() - 1).accept(handler);
        }
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    StreamingChatResponseHandler last() {
        return handlers.get(handlers.size() - 1);
    }

    static ChatResponse answer(String text, FinishReason reason) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .finishReason(reason)
                .tokenUsage(new TokenUsage(3, 2))
                .build();
    }

    static ChatResponse nothing() {
        return ChatResponse.builder()
                .aiMessage(AiMessage.builder().build())
                .finishReason(FinishReason.STOP)
                .build();
    }

    /** A handle that notes that it was used. */
    static final class Handle implements StreamingHandle {
        final AtomicBoolean cancelled = new AtomicBoolean();

        @Override
        public void cancel() {
            cancelled.set(true);
        }

        @Override
        public boolean isCancelled() {
            return cancelled.get();
        }
    }
}
