// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.event.EventListener;
import dev.holdfast.target.Target;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A streaming chat model over others, guarded as {@link ResilientChatModel} is. Until the first part that the handler sees,
 * attempts are repeated and fail over; after it nothing is repeated, and a stream that breaks ends in a {@link
 * BrokenStreamException} with the text so far.
 *
 * <p>Whatever a delegate does, the handler hears exactly one of {@code onCompleteResponse} and {@code onError}, nothing
 * after it, and never two callbacks at once; only a handler that cancels hears neither. A delegate that goes silent is ended
 * by the timeouts of first content and silence, a completion without finish reason or content is a failure. A handler that
 * throws hears its own exception as {@code onError}, and the stream ends.
 *
 * <p>Callbacks come on a thread of the delegate or of the engine. Thread-safe as far as the delegates are.
 */
public final class ResilientStreamingChatModel implements StreamingChatModel {
    private final Routes<StreamingChatModel> routes;
    private final Holdfast engine;
    private final List<ChatModelListener> listeners;
    private final boolean finishReasonRequired;

    private ResilientStreamingChatModel(Builder builder) {
        this.routes = Routes.of(builder.models);
        this.engine = builder.choice.engine();
        this.listeners = List.copyOf(builder.listeners);
        this.finishReasonRequired = builder.finishReasonRequired;
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void chat(ChatRequest request, @Nullable ChatRequestOptions options, StreamingChatResponseHandler handler) {
        call(request, options, listeners, handler);
    }

    /** As {@link #chat(ChatRequest, StreamingChatResponseHandler)} without telling the listeners. */
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        call(request, null, List.of(), handler);
    }

    private void call(
            ChatRequest request,
            @Nullable ChatRequestOptions options,
            List<ChatModelListener> told,
            StreamingChatResponseHandler handler) {
        Objects.requireNonNull(handler, "handler");
        ChatRequestOptions known = options == null ? ChatRequestOptions.EMPTY : options;
        ChatListening listening = new ChatListening(told, request, provider(), known);
        listening.onRequest();
        new ChatStreamCall(engine, routes, request, known, finishReasonRequired, listening, handler).start();
    }

    /** What all routes can do: LangChain4j asks before it relies on it. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return routes.common(StreamingChatModel::supportedCapabilities);
    }

    /** None: what one route has by default must not reach another. */
    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return DefaultChatRequestParameters.EMPTY;
    }

    /** The provider of all routes, else {@link ModelProvider#OTHER}. */
    @Override
    public ModelProvider provider() {
        return routes.provider(StreamingChatModel::provider);
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    /** The targets in failover order. */
    public List<Target> targets() {
        return routes.targets().order();
    }

    /** The engine that guards. */
    public Holdfast engine() {
        return engine;
    }

    /** Builds a {@link ResilientStreamingChatModel}. Not thread-safe. */
    public static final class Builder {
        private final Map<Target, StreamingChatModel> models = new LinkedHashMap<>();
        private final List<ChatModelListener> listeners = new ArrayList<>();
        private final EngineChoice choice = new EngineChoice();
        private boolean finishReasonRequired = true;

        private Builder() {}

        /** Adds a route after those added before; the name is that of its target, in reports and events. */
        public Builder route(String name, StreamingChatModel model) {
            return route(Target.of(name), model);
        }

        /** Adds a route whose target says more than a name: credential, quota domain. */
        public Builder route(Target target, StreamingChatModel model) {
            Routes.add(models, target, model);
            return this;
        }

        /**
         * Whether a completion without a finish reason is taken for a stream that was cut; default true. False is for
         * delegates that never state one.
         */
        public Builder finishReasonRequired(boolean value) {
            finishReasonRequired = value;
            return this;
        }

        /** Hears of each call of this model once. */
        public Builder listener(ChatModelListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** A configuration of its own: the model then has an engine of its own, which shares nothing. */
        public Builder resilience(ResilienceConfig config) {
            choice.config = Objects.requireNonNull(config, "config");
            return this;
        }

        /** An engine that already is; models with one engine share what it knows of routes of the same name. */
        public Builder holdfast(Holdfast holdfast) {
            choice.holdfast = Objects.requireNonNull(holdfast, "holdfast");
            return this;
        }

        /** Hears of everything that happens to the calls, attempt by attempt; gives the model an engine of its own. */
        public Builder eventListener(EventListener listener) {
            choice.listener(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** @throws IllegalArgumentException if there is no route, or both an engine and a configuration */
        public ResilientStreamingChatModel build() {
            return new ResilientStreamingChatModel(this);
        }
    }
}
