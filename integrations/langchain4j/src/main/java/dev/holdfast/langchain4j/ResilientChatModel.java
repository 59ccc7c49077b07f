// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.CallException;
import dev.holdfast.CallResult;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.event.EventListener;
import dev.holdfast.target.Target;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chat model over others that stays up when they do not: retry, failover, circuits, a budget, one deadline.
 *
 * <pre>{@code
 * ChatModel model = ResilientChatModel.builder()
 *         .route("openai", openAi)
 *         .route("anthropic", anthropic)
 *         .build();
 * }</pre>
 *
 * <p>The first route that is usable answers. Build the delegates with {@code maxRetries(0)}, or on {@link
 * dev.holdfast.langchain4j.http.HoldfastHttpClientBuilder}, which sees to it that they do not repeat; otherwise every attempt
 * here is up to three requests there. A model name in a request is for the first route; the others answer with their own.
 *
 * <p>A failed call throws LangChain4j's exception for its category, with the {@link CallException} as its cause. Listeners of
 * this model hear of each call once; those of a delegate of each attempt. What one call wants goes by {@link CallAttribute}.
 *
 * <p>Thread-safe as far as the delegates are.
 */
public final class ResilientChatModel implements ChatModel {
    private final Routes<ChatModel> routes;
    private final Guarded<ChatModel> guarded;
    private final Holdfast engine;
    private final List<ChatModelListener> listeners;

    private ResilientChatModel(Builder builder) {
        this.routes = Routes.of(builder.models);
        this.engine = builder.choice.engine();
        this.guarded = new Guarded<>(engine, routes, ChatModel::provider);
        this.listeners = List.copyOf(builder.listeners);
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ChatResponse chat(ChatRequest request, @Nullable ChatRequestOptions options) {
        ChatRequestOptions known = options == null ? ChatRequestOptions.EMPTY : options;
        ChatListening listening = new ChatListening(listeners, request, provider(), known);
        listening.onRequest();
        try {
            CallResult<ChatResponse> result = call(request, known);
            listening.onResponse(result.value(), result.report());
            return result.value();
        } catch (CallException e) {
            RuntimeException error = ModelErrors.of(e);
            listening.onError(error, e.report());
            throw error;
        } catch (RuntimeException e) {
            listening.onError(e, null);
            throw e;
        }
    }

    /** As {@link #chat(ChatRequest, ChatRequestOptions)} without options and without telling the listeners. */
    @Override
    public ChatResponse doChat(ChatRequest request) {
        try {
            return call(request, ChatRequestOptions.EMPTY).value();
        } catch (CallException e) {
            throw ModelErrors.of(e);
        }
    }

    private CallResult<ChatResponse> call(ChatRequest request, ChatRequestOptions options) {
        Map<Object, Object> attributes = options.listenerAttributes();
        return guarded.call(
                CallAttribute.options(attributes),
                CallAttribute.IDEMPOTENCY_KEY.in(attributes),
                (target, model, attempt) -> {
                    ChatRequest forRoute = routes.isFirst(target)
                            ? request
                            : ChatRequests.withoutModelName(request, model.defaultRequestParameters());
                    ChatResponse response = model.chat(forRoute, CallAttribute.within(options, attempt.context()));
                    TokenUsage usage = response == null ? null : response.tokenUsage();
                    if (usage != null) {
                        attempt.usage(Tokens.of(usage.inputTokenCount()), Tokens.of(usage.outputTokenCount()));
                    }
                    RuntimeException nothing = Verdicts.emptiness(response);
                    if (nothing != null) {
                        throw nothing;
                    }
                    return Objects.requireNonNull(response);
                });
    }

    /** What all routes can do: LangChain4j asks before it relies on it. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return routes.common(ChatModel::supportedCapabilities);
    }

    /** None: what one route has by default must not reach another. */
    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return DefaultChatRequestParameters.EMPTY;
    }

    /** The provider of all routes, else {@link ModelProvider#OTHER}. */
    @Override
    public ModelProvider provider() {
        return routes.provider(ChatModel::provider);
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

    /** Builds a {@link ResilientChatModel}. Not thread-safe. */
    public static final class Builder {
        private final Map<Target, ChatModel> models = new LinkedHashMap<>();
        private final List<ChatModelListener> listeners = new ArrayList<>();
        private final EngineChoice choice = new EngineChoice();

        private Builder() {}

        /** Adds a route after those added before; the name is that of its target, in reports and events. */
        public Builder route(String name, ChatModel model) {
            return route(Target.of(name), model);
        }

        /** Adds a route whose target says more than a name: credential, quota domain. */
        public Builder route(Target target, ChatModel model) {
            Routes.add(models, target, model);
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
        public ResilientChatModel build() {
            return new ResilientChatModel(this);
        }
    }
}
