// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import dev.holdfast.CallObservation;
import dev.holdfast.CallObserver;
import dev.holdfast.CallOptions;
import dev.holdfast.Holdfast;
import dev.holdfast.event.CallEvent;
import dev.holdfast.llm.LlmOperation;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.target.Target;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * The meters of one engine in one registry. Each is looked up once and kept, because a registry's own lookup costs more than a
 * count. Thread-safe.
 */
final class Meters implements CallObserver {
    static final String NONE = "none";

    private static final Duration[] CALL = millis(
            10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000);
    private static final Duration[] FIRST_CONTENT =
            millis(10, 25, 50, 100, 250, 500, 750, 1000, 1500, 2500, 5000, 10_000, 20_000, 30_000, 60_000);
    /** As the conventions ask for: from 10 ms, doubling. */
    private static final Duration[] OPERATION =
            millis(10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240, 20_480, 40_960, 81_920);
    /** As the conventions ask for: powers of 4. */
    private static final double[] TOKENS =
            DoubleStream.iterate(1, bound -> bound * 4).limit(14).toArray();

    private final MeterRegistry registry;
    private final Tags tags;
    final Holdfast engine;
    private final int mostValues;
    private final Bounded targetNames;
    private final Bounded models;
    private final Map<String, TargetMeters> targets = new ConcurrentHashMap<>();
    private final Map<String, ModelMeters> asked = new ConcurrentHashMap<>();
    private final Map<Way, Counter> ways = new ConcurrentHashMap<>();
    private final Map<Operation, Timer> operations = new ConcurrentHashMap<>();
    private final Map<Tokens, DistributionSummary> tokens = new ConcurrentHashMap<>();
    private final Set<Meter> made = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private record Way(String from, String to) {}

    private record Operation(String name, String provider, String model, String answered, String error) {}

    private record Tokens(String name, String provider, String model, String answered, String type) {}

    Meters(MeterRegistry registry, Tags tags, int mostValues, Holdfast engine) {
        this.registry = registry;
        this.tags = tags;
        this.mostValues = mostValues;
        this.engine = engine;
        this.targetNames = new Bounded(mostValues);
        this.models = new Bounded(mostValues);
    }

    private static Duration[] millis(long... bounds) {
        Duration[] durations = new Duration[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            durations[i] = Duration.ofMillis(bounds[i]);
        }
        return durations;
    }

    @Override
    public CallObservation begin(CallEvent.CallStarted started, CallOptions options) {
        Target first = started.targets().get(0);
        for (Target target : started.targets()) {
            target(target);
        }
        return new CallCount(this, first, options.subject() instanceof LlmOperation operation ? operation : null);
    }

    TargetMeters target(Target target) {
        TargetMeters known = targets.get(target.name());
        if (known == null) {
            String label = targetNames.value(target.name());
            known = targets.computeIfAbsent(label, name -> new TargetMeters(this, name));
        }
        known.know(target);
        return known;
    }

    ModelMeters model(Target first) {
        ModelMeters known = asked.get(first.name());
        return known != null
                ? known
                : asked.computeIfAbsent(targetNames.value(first.name()), name -> new ModelMeters(this, name));
    }

    void failedOver(Target from, Target to) {
        Way way = new Way(from.name(), to.name());
        Counter known = ways.get(way);
        if (known == null) {
            Way counted = ways.size() < mostValues ? way : new Way(HoldfastMetrics.OTHER, HoldfastMetrics.OTHER);
            known = ways.computeIfAbsent(
                    counted,
                    made -> counter(
                            "holdfast.failovers",
                            "Attempts that went to another target than the one before.",
                            "from",
                            made.from,
                            "to",
                            made.to));
        }
        known.increment();
    }

    /** How long an operation took with all its attempts. */
    void operated(LlmOperation what, Target first, String answeredModel, String error, Duration elapsed) {
        Operation key = new Operation(
                what.word(), provider(first), models.value(first.model()), models.value(answeredModel), error);
        operations
                .computeIfAbsent(
                        key,
                        of -> timer(
                                "gen_ai.client.operation.duration",
                                "Operations of generative AI, retries included.",
                                OPERATION,
                                genAi(of.name, of.provider, of.model, of.answered)
                                        .and("error.type", of.error)))
                .record(elapsed);
    }

    /** Tokens that an attempt used, and that are billed whatever came of it. */
    void used(LlmOperation what, Target target, String answeredModel, String type, long count) {
        if (count <= 0) {
            return;
        }
        Tokens key = new Tokens(
                what.word(), provider(target), models.value(target.model()), models.value(answeredModel), type);
        tokens.computeIfAbsent(
                        key,
                        of -> register(() -> DistributionSummary.builder("gen_ai.client.token.usage")
                                .description("Tokens of each attempt that used some.")
                                .tags(tags.and(genAi(of.name, of.provider, of.model, of.answered)))
                                .tag("gen_ai.token.type", of.type)
                                .serviceLevelObjectives(TOKENS)
                                .register(registry)))
                .record(count);
    }

    private static String provider(Target target) {
        return Presets.conventionalName(target.provider());
    }

    private static Tags genAi(String operation, String provider, String model, String answered) {
        return Tags.of(
                "gen_ai.operation.name",
                operation,
                "gen_ai.provider.name",
                provider,
                "gen_ai.request.model",
                model,
                "gen_ai.response.model",
                answered);
    }

    Timer callDuration(String model) {
        return timer(
                "holdfast.call.duration",
                "Calls from their start to their end, streams included.",
                CALL,
                Tags.of("model", model));
    }

    Timer firstContent(String target) {
        return timer(
                "holdfast.first.content",
                "Streams from the start of the attempt that answered to its first content.",
                FIRST_CONTENT,
                Tags.of("target", target));
    }

    private Timer timer(String name, String help, Duration[] bounds, Tags own) {
        return register(() -> Timer.builder(name)
                .description(help)
                .tags(tags.and(own))
                .serviceLevelObjectives(bounds)
                .register(registry));
    }

    Counter counter(String name, String help, String... own) {
        return register(() ->
                Counter.builder(name).description(help).tags(tags.and(own)).register(registry));
    }

    void gauge(String name, String help, TargetMeters of, ToDoubleFunction<TargetMeters> value, String... own) {
        register(() -> Gauge.builder(name, of, value)
                .description(help)
                .tags(tags.and(own))
                .register(registry));
    }

    private <M extends Meter> M register(Supplier<M> making) {
        M meter = making.get();
        made.add(meter);
        if (closed) {
            registry.remove(meter);
        }
        return meter;
    }

    /** Calls that are under way go on counting, into meters that nobody sees. */
    void close() {
        closed = true;
        made.forEach(registry::remove);
    }
}
