// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.CallReport;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** LangChain4j's listeners of one logical call: told once each, whatever number of attempts it took. */
final class ChatListening {
    private static final Logger LOG = System.getLogger(ChatListening.class.getName());

    private final List<ChatModelListener> listeners;
    private final ChatRequest request;
    private final ModelProvider provider;
    private final Map<Object, Object> attributes;

    ChatListening(
            List<ChatModelListener> listeners,
            ChatRequest request,
            ModelProvider provider,
            @Nullable ChatRequestOptions options) {
        this.listeners = listeners;
        this.request = request;
        this.provider = provider;
        this.attributes = new ConcurrentHashMap<>(options == null ? Map.of() : options.listenerAttributes());
    }

    void onRequest() {
        ChatModelRequestContext context = new ChatModelRequestContext(request, provider, attributes);
        each(listener -> listener.onRequest(context));
    }

    void onResponse(ChatResponse response, @Nullable CallReport report) {
        keep(report);
        ChatModelResponseContext context = new ChatModelResponseContext(response, request, provider, attributes);
        each(listener -> listener.onResponse(context));
    }

    void onError(Throwable error, @Nullable CallReport report) {
        keep(report);
        ChatModelErrorContext context = new ChatModelErrorContext(error, request, provider, attributes);
        each(listener -> listener.onError(context));
    }

    private void keep(@Nullable CallReport report) {
        if (report != null) {
            attributes.put(CallAttribute.REPORT, report);
        }
    }

    private void each(Consumer<ChatModelListener> told) {
        for (ChatModelListener listener : listeners) {
            try {
                told.accept(listener);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a chat model listener failed; the call goes on", e);
            }
        }
    }
}
