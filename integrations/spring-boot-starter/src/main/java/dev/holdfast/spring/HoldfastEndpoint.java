// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.EngineInfo;
import dev.holdfast.Holdfast;
import dev.holdfast.failure.Category;
import dev.holdfast.target.BlockInfo;
import dev.holdfast.target.LatencyInfo;
import dev.holdfast.target.Target;
import dev.holdfast.target.TargetInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The actuator endpoint {@code holdfast}: what the engine knows and holds. No keys, no prompts, no answers. */
@Endpoint(id = "holdfast")
final class HoldfastEndpoint {
    private final Holdfast engine;
    private final ChatModelDecorator models;

    HoldfastEndpoint(Holdfast engine, ChatModelDecorator models) {
        this.engine = engine;
        this.models = models;
    }

    /**
     * Everything at one moment.
     *
     * @param models the order of failover of each resilient bean
     * @param targets those that were used within the last hour
     * @param inFlight attempts on their way, streams included
     * @param waiting calls that wait at a target
     */
    record State(Map<String, List<String>> models, List<TargetState> targets, int inFlight, int waiting) {}

    /**
     * One target. Durations are in milliseconds.
     *
     * @param model the model that its bean asks for; empty where that is not known
     * @param circuit {@code closed}, {@code open} or {@code half_open}
     * @param retryInMillis until a call can be let through; 0 while closed
     * @param blocked why its credential is not used, as a category; null when it is used
     * @param pausedMillis until the pause ends that its provider asked for
     * @param budget tokens in its retry budget
     * @param failures attempts that failed, by category
     * @param firstContentP50Millis null while few are known
     */
    record TargetState(
            String name,
            String model,
            String circuit,
            long retryInMillis,
            @Nullable String blocked,
            long pausedMillis,
            double budget,
            int inFlight,
            int waiting,
            long succeeded,
            Map<String, Long> failures,
            @Nullable Long firstContentP50Millis,
            @Nullable Long firstContentP95Millis,
            @Nullable Long totalP50Millis,
            @Nullable Long totalP95Millis) {}

    @ReadOperation
    public State state() {
        Map<String, List<String>> orders = new TreeMap<>();
        models.decorated()
                .forEach((name, model) -> orders.put(
                        name,
                        model.routes().targets().order().stream()
                                .map(Target::name)
                                .toList()));
        List<TargetState> targets = engine.targets().stream()
                .map(HoldfastEndpoint::state)
                .sorted(Comparator.comparing(TargetState::name))
                .toList();
        EngineInfo info = engine.info();
        return new State(orders, targets, info.inFlight(), info.waiters());
    }

    private static TargetState state(TargetInfo info) {
        Map<String, Long> failures = new TreeMap<>();
        info.failures().forEach((Category category, Long count) -> failures.put(category.word(), count));
        BlockInfo block = info.block();
        LatencyInfo first = info.firstContent();
        LatencyInfo total = info.total();
        return new TargetState(
                info.target().name(),
                info.target().model(),
                info.circuit().state().word(),
                info.circuit().retryIn().toMillis(),
                block == null ? null : block.failure().category().word(),
                info.pausedFor().toMillis(),
                info.budget(),
                info.inFlight(),
                info.admission().queued(),
                info.succeeded(),
                failures,
                millis(first.p50()),
                millis(first.p95()),
                millis(total.p50()),
                millis(total.p95()));
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}
