// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import dev.holdfast.simulator.scenario.Capacity;
import dev.holdfast.simulator.scenario.Conditions;
import dev.holdfast.simulator.scenario.Latency;
import dev.holdfast.simulator.scenario.Outage;
import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.simulator.scenario.Window;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server's script, played faster: every time shorter, every rate higher by the factor. What answers say about time (the wait
 * after a 429) stays in scenario time, and every engine is told to read it so.
 */
public final class Compression {
    private final double factor;

    private Compression(double factor) {
        this.factor = factor;
    }

    /** The script, so many times as fast. */
    public static Scenario of(Scenario script, double factor) {
        Compression by = new Compression(factor);
        return new Scenario(
                script.seed(),
                script.repeat() == null ? null : by.shorter(script.repeat()),
                script.only(),
                by.faster(script.base()),
                script.outages().stream()
                        .map(outage ->
                                new Outage(by.shorter(outage.from()), by.shorter(outage.to()), outage.behaviour()))
                        .toList(),
                script.windows().stream()
                        .map(window -> new Window(
                                by.shorter(window.from()), by.shorter(window.to()), by.faster(window.conditions())))
                        .toList());
    }

    private Conditions faster(Conditions conditions) {
        Capacity capacity = conditions.capacity();
        Double pace = conditions.tokensPerSecond();
        return new Conditions(
                capacity == null
                        ? null
                        : new Capacity(capacity.requestsPerSecond() * factor, capacity.burst(), capacity.behaviour()),
                conditions.concurrency(),
                faster(conditions.latency()),
                pace == null ? null : Double.valueOf(pace * factor),
                conditions.errors());
    }

    private @Nullable Latency faster(@Nullable Latency latency) {
        if (latency == null) {
            return null;
        }
        if (latency instanceof Latency.Fixed fixed) {
            return new Latency.Fixed(shorter(fixed.value()));
        }
        if (latency instanceof Latency.Uniform uniform) {
            return new Latency.Uniform(shorter(uniform.min()), shorter(uniform.max()));
        }
        if (latency instanceof Latency.Exponential exponential) {
            return new Latency.Exponential(shorter(exponential.mean()));
        }
        if (latency instanceof Latency.Normal normal) {
            return new Latency.Normal(shorter(normal.mean()), shorter(normal.deviation()));
        }
        Latency.LogNormal logNormal = (Latency.LogNormal) latency;
        return new Latency.LogNormal(shorter(logNormal.median()), shorter(logNormal.p99()));
    }

    private Duration shorter(Duration time) {
        return Duration.ofNanos(Math.round(time.toNanos() / factor));
    }
}
