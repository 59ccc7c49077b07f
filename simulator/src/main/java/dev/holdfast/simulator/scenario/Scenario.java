// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a server does over time. Immutable. Written in YAML or JSON, all keys optional:
 *
 * <pre>{@code
 * seed: 7                        # what is drawn is drawn the same way again; 0
 * repeat: 10m                    # time starts again after that long; never
 * only: [ok, "tokens=50"]        # concerns these models alone; all
 * capacity: { rate: 50, burst: 50, behaviour: "429,retry-after=1" }      # or a number: the rate, in requests per second
 * concurrency: { limit: 20, queue: 1000, slowdown: 0.02, behaviour: 503 } # or a number: the limit
 * latency: { distribution: lognormal, median: 300ms, p99: 2s }           # or a duration: fixed
 * rate: 80                       # tokens per second, where the model name says nothing
 * errors: [{ share: 0.05, behaviour: 500 }]
 * outages: [{ from: 30s, to: 45s, behaviour: refuse }]
 * windows: [{ from: 60s, to: 90s, capacity: 10, latency: 2s }]           # any of capacity … errors
 * }</pre>
 *
 * Distributions: {@code fixed} (value), {@code uniform} (min, max), {@code exponential} (mean), {@code normal} (mean,
 * deviation), {@code lognormal} (median, p99). Durations are {@code <number>(ms|s|m|h)}. A behaviour is written as in a
 * model name.
 *
 * <p>A request meets, in this order: outage, capacity, errors, concurrency, latency. The n-th request to arrive draws the
 * same luck under the same seed, whatever happened to the others.
 *
 * @param seed of everything drawn
 * @param repeat null for never
 * @param only bare model names; empty for all
 * @param base what holds outside windows
 */
public record Scenario(
        long seed,
        @Nullable Duration repeat,
        Set<String> only,
        Conditions base,
        List<Outage> outages,
        List<Window> windows) {

    public Scenario {
        only = Set.copyOf(only);
        outages = List.copyOf(outages);
        windows = List.copyOf(windows);
    }

    /** A server without limits and faults. */
    public static Scenario none() {
        return new Scenario(0, null, Set.of(), Conditions.NONE, List.of(), List.of());
    }

    /** Reads YAML or JSON; throws {@link ScenarioException} with every problem found. */
    public static Scenario parse(String text) {
        return ScenarioReader.read(text);
    }

    /** Reads a file; see {@link #parse}. */
    public static Scenario read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** What holds so long after the start. */
    public Conditions conditionsAt(Duration sinceStart) {
        Duration time = time(sinceStart);
        Conditions conditions = base;
        for (Window window : windows) {
            if (within(time, window.from(), window.to())) {
                conditions = window.conditions().over(conditions);
            }
        }
        return conditions;
    }

    /** The outage so long after the start, if there is one. */
    public Optional<Outage> outageAt(Duration sinceStart) {
        Duration time = time(sinceStart);
        return outages.stream()
                .filter(outage -> within(time, outage.from(), outage.to()))
                .findFirst();
    }

    private Duration time(Duration sinceStart) {
        return repeat == null ? sinceStart : Duration.ofNanos(sinceStart.toNanos() % repeat.toNanos());
    }

    private static boolean within(Duration time, Duration from, Duration to) {
        return time.compareTo(from) >= 0 && time.compareTo(to) < 0;
    }
}
