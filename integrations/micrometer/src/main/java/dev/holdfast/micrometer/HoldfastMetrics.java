// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import dev.holdfast.Holdfast;
import dev.holdfast.llm.Llm;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Counts what an engine does, for Micrometer. The names are those of the gateway's metrics with dots, so that Prometheus sees
 * the same ones ({@code holdfast_calls_total}, {@code holdfast_attempts_total}, …), beside {@code gen_ai.client.operation.duration}
 * and {@code gen_ai.client.token.usage} for calls to models.
 *
 * <pre>{@code
 * HoldfastMetrics metrics = HoldfastMetrics.of(llm);
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Tags are bounded: beyond {@link #withMostValues} targets, models and pairs of targets, further ones count as {@value
 * #OTHER}. No prompt, answer, key or call id is in any of them. Two engines that are bound to one registry need a tag that tells
 * them apart, see {@link #withTags}. Thread-safe.
 */
public final class HoldfastMetrics implements MeterBinder, AutoCloseable {
    /** The value of a tag for everything beyond its bound. */
    public static final String OTHER = "(other)";

    private static final int MOST = 200;

    private final Holdfast engine;
    private final Tags tags;
    private final int mostValues;

    // guarded by this
    private final List<Runnable> unbinding = new ArrayList<>();

    private HoldfastMetrics(Holdfast engine, Tags tags, int mostValues) {
        this.engine = engine;
        this.tags = tags;
        this.mostValues = mostValues;
    }

    /** Of everything that the engine does. */
    public static HoldfastMetrics of(Holdfast engine) {
        return new HoldfastMetrics(Objects.requireNonNull(engine, "engine"), Tags.empty(), MOST);
    }

    /** Of the engine that guards these models; models with the same engine are counted together. */
    public static HoldfastMetrics of(Llm llm) {
        return of(llm.engine());
    }

    /** The same with tags on every meter; not yet bound to anything. */
    public HoldfastMetrics withTags(Tag... more) {
        return new HoldfastMetrics(engine, tags.and(more), mostValues);
    }

    /**
     * The same with another bound on targets, on models and on pairs of targets; default 200. Not yet bound to anything.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public HoldfastMetrics withMostValues(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("mostValues must be at least 1: " + value);
        }
        return new HoldfastMetrics(engine, tags, value);
    }

    /** Counts into this registry from now on, for calls that begin from now on. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, tags, mostValues, engine);
        engine.targets().forEach(info -> meters.target(info.target()));
        Runnable remove = engine.addObserver(meters);
        unbinding.add(remove);
        unbinding.add(meters::close);
    }

    /** Counts no more, and takes all its meters out of the registries. It can be bound again. */
    @Override
    public synchronized void close() {
        unbinding.forEach(Runnable::run);
        unbinding.clear();
    }
}
