// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.AttemptFunction;
import dev.holdfast.CallContext;
import dev.holdfast.CallOptions;
import dev.holdfast.CallReport;
import dev.holdfast.CallResult;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastBuilder;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.event.EventListener;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.internal.Guard;
import dev.holdfast.llm.internal.GuardedStream;
import dev.holdfast.llm.internal.HttpProvider;
import dev.holdfast.llm.preset.ModelName;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.llm.preset.ProviderPreset;
import dev.holdfast.llm.structured.StructuredAnswer;
import dev.holdfast.llm.structured.StructuredConfig;
import dev.holdfast.llm.structured.StructuredLlm;
import dev.holdfast.llm.tool.Tool;
import dev.holdfast.llm.tool.ToolLoop;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import dev.holdfast.target.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Models behind one guard: a call is retried, fails over in order and keeps its deadline, as {@link Holdfast} decides.
 * Thread-safe.
 *
 * <pre>{@code
 * var llm = Llm.create("openai/gpt-4o-mini", "anthropic/claude-haiku-4-5"); // failover order
 * llm.complete("Hello").thenAccept(r -> System.out.println(r.text()));
 * }</pre>
 *
 * <p>Keys and addresses come from the environment, for example {@code OPENAI_API_KEY} and {@code OPENAI_BASE_URL}, unless
 * the builder is told otherwise.
 */
public final class Llm implements LlmProvider {
    private final Holdfast engine;
    private final Targets targets;
    private final Guard guard;
    private final Map<Target, LlmProvider> raw;

    private Llm(Builder builder, Map<Target, LlmProvider> raw) {
        this.engine = builder.engine();
        this.raw = raw;
        this.targets = builder.targets(raw);
        this.guard = new Guard(engine, raw);
    }

    private Llm(Llm from, CallContext context) {
        this.engine = from.engine;
        this.raw = from.raw;
        this.targets = from.targets;
        this.guard = from.guard.within(context);
    }

    /**
     * Models in failover order, each {@code provider/model}, guarded by the process-wide default engine: equal targets share
     * circuit and budget however often this is called.
     *
     * @throws ProviderConfigurationException if a name, a key or an address is missing or wrong; says what to set
     */
    public static Llm create(String... targets) {
        return builder().targets(targets).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public CompletableFuture<LlmResponse> complete(LlmRequest request) {
        return call(guard.options(request, false), attempt -> guard.attempt(attempt, request), LlmResponse::withReport);
    }

    /**
     * Asks for a whole answer and reads it as a stream within the attempt. So the limits on first content and silence hold,
     * which a plain call does not know, and an answer that breaks off is asked for again, because nobody has seen any of it.
     */
    public CompletableFuture<LlmResponse> completeStreamed(LlmRequest request) {
        return call(
                guard.options(request, false),
                attempt -> guard.gather(attempt, request),
                (gathered, report) -> gathered.ended());
    }

    private <T, R> CompletableFuture<R> call(
            CallOptions options, AttemptFunction<T> attempt, BiFunction<T, CallReport, R> withReport) {
        CompletableFuture<CallResult<T>> call;
        try {
            call = engine.callWithReport(targets, options, attempt);
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e); // the engine is closed
        }
        return Futures.map(call, result -> withReport.apply(result.value(), result.report()));
    }

    /** Asks for an object of a type; short for {@link #structured()} and its {@code complete}. */
    public <T> CompletableFuture<StructuredAnswer<T>> complete(LlmRequest request, Class<T> type) {
        return structured().complete(request, type);
    }

    /** Asks for an object of a type; short for a request of one user message. */
    public <T> CompletableFuture<StructuredAnswer<T>> complete(String prompt, Class<T> type) {
        return structured().complete(prompt, type);
    }

    /** Asks for a JSON value that meets a schema; short for {@link #structured()} and its {@code completeJson}. */
    public CompletableFuture<StructuredAnswer<String>> completeJson(LlmRequest request, String schemaJson) {
        return structured().completeJson(request, schemaJson);
    }

    /** These models, for answers that are objects. */
    public StructuredLlm structured() {
        return structured(StructuredConfig.DEFAULTS);
    }

    /** These models, for answers that are objects, in your own way. */
    public StructuredLlm structured(StructuredConfig config) {
        return StructuredLlm.of(this, config);
    }

    /** These models with tools that they may use. */
    public ToolLoop withTools(Tool... tools) {
        return withTools(List.of(tools));
    }

    /** These models with tools that they may use. */
    public ToolLoop withTools(List<Tool> tools) {
        return ToolLoop.of(this, tools);
    }

    /** Turns texts into vectors; guarded as any call, and answered by targets that have embeddings alone. */
    public CompletableFuture<EmbeddingResponse> embed(EmbeddingRequest request) {
        return call(guard.options(request), attempt -> guard.attempt(attempt, request), EmbeddingResponse::withReport);
    }

    /** Turns texts into vectors, as the provider does by default. */
    public CompletableFuture<EmbeddingResponse> embed(List<String> texts) {
        return embed(EmbeddingRequest.of(texts));
    }

    /** The same models, whose calls are made within another call: they share its id and its deadline. */
    public Llm within(CallContext context) {
        return new Llm(this, Objects.requireNonNull(context, "context"));
    }

    /** A context for several calls that serve one request: one id, and its deadline counted from now. */
    public CallContext context(LlmRequest request) {
        return engine.context(
                CallOptions.none().withDeadline(request.timeouts().deadline()).withContext(context()));
    }

    /** What calls of these models are made {@linkplain #within within}; null for nothing. */
    public @Nullable CallContext context() {
        return guard.context();
    }

    @Override
    public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
        return subscriber -> GuardedStream.start(
                engine,
                targets,
                guard.options(request, true),
                request,
                guard,
                Objects.requireNonNull(subscriber, "subscriber"));
    }

    /** The same models for code that blocks. */
    public BlockingLlm blocking() {
        return new BlockingLlm(this, engine, targets, guard);
    }

    /** The first target in failover order. */
    @Override
    public Target target() {
        return targets.order().get(0);
    }

    /** All targets in failover order. */
    public List<Target> targets() {
        return targets.order();
    }

    /** The provider of a target without its guard, for those who want to guard by themselves; null if it is not ours. */
    public @Nullable LlmProvider raw(Target target) {
        return raw.get(target);
    }

    /** The engine that guards. */
    public Holdfast engine() {
        return engine;
    }

    private record NamedEndpoint(ProviderEndpoint endpoint, String model, Map<String, String> headers) {}

    /** Builds an {@link Llm}. Not thread-safe. */
    public static final class Builder {
        private final List<String> names = new ArrayList<>();
        private final List<LlmProvider> providers = new ArrayList<>();
        private final Map<String, NamedEndpoint> endpoints = new LinkedHashMap<>();
        private List<Map<String, Double>> tiers = List.of();
        private final Map<String, String> baseUrls = new HashMap<>();
        private final Map<String, Secret> keys = new HashMap<>();
        private final List<EventListener> listeners = new ArrayList<>();
        private Function<String, @Nullable String> environment = System::getenv;
        private Function<ErrorInput, Failure> classifier = ProviderErrorClassifier.create()::classify;
        private @Nullable Transport transport;
        private @Nullable ResilienceConfig config;
        private @Nullable Holdfast holdfast;

        private Builder() {}

        /** Adds models, each {@code provider/model}, after those added before. */
        public Builder targets(String... providerAndModel) {
            names.addAll(List.of(providerAndModel));
            return this;
        }

        /**
         * Adds a model at an endpoint, under a name of your own, after the models that were named.
         *
         * @param headers sent with every request
         */
        public Builder endpoint(String name, ProviderEndpoint endpoint, String model, Map<String, String> headers) {
            endpoints.put(name, new NamedEndpoint(endpoint, model, Map.copyOf(headers)));
            return this;
        }

        /**
         * The order of failover by the names of targets, in place of the one in which they were added; those of one tier share
         * its load by their weights. Each target must be in one tier.
         */
        public Builder tiers(List<Map<String, Double>> weightsByName) {
            tiers = weightsByName;
            return this;
        }

        /** Adds a raw provider of any kind, after the models; its {@link LlmProvider#target()} names it. */
        public Builder provider(LlmProvider provider) {
            providers.add(Objects.requireNonNull(provider, "provider"));
            return this;
        }

        /** The address of a provider, in place of the environment's. */
        public Builder baseUrl(String provider, String url) {
            baseUrls.put(provider, url);
            return this;
        }

        /** The key for a provider, in place of the environment's. */
        public Builder key(String provider, Secret key) {
            keys.put(provider, key);
            return this;
        }

        /** Where variables come from; default {@link System#getenv(String)}. */
        public Builder environment(Function<String, @Nullable String> lookup) {
            environment = lookup;
            return this;
        }

        /** A configuration of its own: the models then have an engine of their own, which shares nothing. */
        public Builder resilience(ResilienceConfig value) {
            config = value;
            return this;
        }

        /** Hears of everything that happens to the calls; gives the models an engine of their own. */
        public Builder listener(EventListener listener) {
            listeners.add(listener);
            return this;
        }

        /** An engine that already is. */
        public Builder holdfast(Holdfast value) {
            holdfast = value;
            return this;
        }

        /** How provider errors are judged. */
        public Builder errorClassifier(Function<ErrorInput, Failure> value) {
            classifier = value;
            return this;
        }

        /** How HTTP is spoken; the caller's to close. Default: one shared {@link JdkTransport}. */
        public Builder transport(Transport value) {
            transport = value;
            return this;
        }

        /**
         * @throws ProviderConfigurationException if a name, a key or an address is missing or wrong, or a target
         *     is named twice; says what to change
         * @throws IllegalArgumentException if there is no target
         */
        public Llm build() {
            if (holdfast != null && (config != null || !listeners.isEmpty())) {
                throw new IllegalArgumentException(
                        "give either an engine or a configuration and listeners for a new one, not both");
            }
            Map<Target, LlmProvider> raw = new LinkedHashMap<>();
            for (String name : names) {
                add(raw, http(name));
            }
            endpoints.forEach((name, at) ->
                    add(raw, new HttpProvider(name, at.model(), at.endpoint(), at.headers(), classifier, transport())));
            for (LlmProvider provider : providers) {
                add(raw, provider);
            }
            return new Llm(this, raw);
        }

        private Targets targets(Map<Target, LlmProvider> raw) {
            if (tiers.isEmpty()) {
                return Targets.of(List.copyOf(raw.keySet()));
            }
            Map<String, Target> left = new LinkedHashMap<>();
            raw.keySet().forEach(target -> left.put(target.name(), target));
            List<Tier> ordered = new ArrayList<>();
            for (Map<String, Double> tier : tiers) {
                List<Target> members = new ArrayList<>();
                for (String name : tier.keySet()) {
                    Target target = left.remove(name);
                    if (target == null) {
                        throw new IllegalArgumentException("no target, or one that is in a tier already: " + name);
                    }
                    members.add(target);
                }
                ordered.add(new Tier(members, List.copyOf(tier.values())));
            }
            if (!left.isEmpty()) {
                throw new IllegalArgumentException("in no tier: " + left.keySet());
            }
            return Targets.tiers(ordered);
        }

        private static void add(Map<Target, LlmProvider> raw, LlmProvider provider) {
            if (raw.put(provider.target(), provider) != null) {
                throw new ProviderConfigurationException(
                        "target " + provider.target() + " is named twice: name each model once, in failover order");
            }
        }

        private HttpProvider http(String name) {
            ModelName parsed = ModelName.parse(name);
            ProviderPreset preset = Presets.named(parsed.provider());
            ProviderEndpoint endpoint =
                    ProviderEndpoint.of(preset, baseUrls.get(preset.name()), keys.get(preset.name()), environment);
            return new HttpProvider(name, parsed.model(), endpoint, Map.of(), classifier, transport());
        }

        private Transport transport() {
            Transport own = transport;
            return own != null ? own : HttpProvider.sharedTransport();
        }

        private Holdfast engine() {
            if (holdfast != null) {
                return holdfast;
            }
            if (config == null && listeners.isEmpty()) {
                return HoldfastRuntime.defaultHoldfast();
            }
            HoldfastBuilder builder = Holdfast.builder();
            if (config != null) {
                builder.config(config);
            }
            listeners.forEach(builder::listener);
            return builder.build();
        }
    }
}
