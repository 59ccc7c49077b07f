// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.CallException;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.event.EventListener;
import dev.holdfast.target.Target;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.DefaultEmbeddingRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model over others, guarded as {@link ResilientChatModel} is. The routes must be the same model at different
 * places, or models whose vectors may be mixed: vectors of another length than before are refused ({@link
 * EmbeddingDimensionException}), vectors of the same length from another model cannot be told apart by anybody.
 *
 * <p>Thread-safe as far as the delegates are.
 */
public final class ResilientEmbeddingModel implements EmbeddingModel {
    private final Routes<EmbeddingModel> routes;
    private final Guarded<EmbeddingModel> guarded;
    private final Holdfast engine;
    private final List<EmbeddingModelListener> listeners;
    private final Dimensions dimensions;

    private ResilientEmbeddingModel(Builder builder) {
        this.routes = Routes.of(builder.models);
        this.engine = builder.choice.engine();
        this.guarded = new Guarded<>(engine, routes, EmbeddingModel::provider);
        this.listeners = List.copyOf(builder.listeners);
        this.dimensions = new Dimensions(builder.dimension);
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        return call((target, model, attempt) -> {
            EmbeddingResponse response = model.embed(routes.isFirst(target) ? request : withoutModelName(request));
            TokenUsage usage = response.tokenUsage();
            if (usage != null) {
                attempt.usage(Tokens.of(usage.inputTokenCount()), 0);
            }
            Integer asked = request.parameters().dimensions();
            for (Embedding embedding : response.embeddings()) {
                dimensions.check(target, embedding.dimension(), asked);
            }
            return response;
        });
    }

    private <T> T call(Guarded.OnRoute<EmbeddingModel, T> code) {
        try {
            return guarded.call(CallOptions.none(), null, code).value();
        } catch (CallException e) {
            throw ModelErrors.of(e);
        }
    }

    @SuppressWarnings("NullAway") // null is how LangChain4j says that a parameter is not set
    private static EmbeddingRequest withoutModelName(EmbeddingRequest request) {
        if (request.parameters().modelName() == null) {
            return request;
        }
        DefaultEmbeddingRequestParameters.Builder<?> builder = EmbeddingRequestParameters.builder();
        builder.overrideWith(request.parameters());
        builder.modelName((String) null);
        return EmbeddingRequest.builder()
                .inputs(request.inputs())
                .parameters(builder.build())
                .build();
    }

    /** As configured, as seen in answers, or as the first usable route says, which may have to ask its provider once. */
    @Override
    public int dimension() {
        Integer known = dimensions.known();
        if (known != null) {
            return known;
        }
        return call((target, model, attempt) -> {
            int dimension = model.dimension();
            dimensions.check(target, dimension, null);
            return dimension;
        });
    }

    /**
     * Asks every route for its dimension, so that a mistake shows when a program starts and not when its first route fails.
     * Routes that do not know theirs make a request.
     *
     * @throws EmbeddingDimensionException if they differ
     */
    public void verifyDimensions() {
        for (Target target : targets()) {
            dimensions.check(target, routes.model(target).dimension(), null);
        }
    }

    @Override
    public String modelName() {
        return routes.models().iterator().next().modelName();
    }

    /** What all routes take. */
    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return routes.common(EmbeddingModel::supportedParameters);
    }

    /** What all routes take. */
    @Override
    public Set<ContentType> supportedContentTypes() {
        return routes.common(EmbeddingModel::supportedContentTypes);
    }

    /** None: what one route has by default must not reach another. */
    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return EmbeddingRequestParameters.EMPTY;
    }

    /** The provider of all routes, else {@link ModelProvider#OTHER}. */
    @Override
    public ModelProvider provider() {
        return routes.provider(EmbeddingModel::provider);
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
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

    /** Builds a {@link ResilientEmbeddingModel}. Not thread-safe. */
    public static final class Builder {
        private final Map<Target, EmbeddingModel> models = new LinkedHashMap<>();
        private final List<EmbeddingModelListener> listeners = new ArrayList<>();
        private final EngineChoice choice = new EngineChoice();
        private @Nullable Integer dimension;

        private Builder() {}

        /** Adds a route after those added before; the name is that of its target, in reports and events. */
        public Builder route(String name, EmbeddingModel model) {
            return route(Target.of(name), model);
        }

        /** Adds a route whose target says more than a name: credential, quota domain. */
        public Builder route(Target target, EmbeddingModel model) {
            Routes.add(models, target, model);
            return this;
        }

        /** How long vectors must be; default: as long as the first. */
        public Builder dimension(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("dimension must be at least 1: " + value);
            }
            dimension = value;
            return this;
        }

        /** Hears of each call of this model once. */
        public Builder listener(EmbeddingModelListener listener) {
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
        public ResilientEmbeddingModel build() {
            return new ResilientEmbeddingModel(this);
        }
    }
}
