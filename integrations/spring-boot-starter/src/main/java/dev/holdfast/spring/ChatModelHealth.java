// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Holdfast;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.target.BlockInfo;
import dev.holdfast.target.Target;
import dev.holdfast.target.TargetInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether the chat models can serve: {@code UP}; {@code DEGRADED} when a provider is left alone; {@code OUT_OF_SERVICE} when
 * every model has no target that can serve. Never {@code DOWN}: a supervisor that restarts the application would help nobody.
 */
final class ChatModelHealth implements HealthIndicator {
    static final Status DEGRADED = new Status("DEGRADED", "a provider is left alone");

    /** A pause up to this is waited for by calls; they do not go elsewhere for it. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Holdfast engine;
    private final ChatModelDecorator models;

    ChatModelHealth(Holdfast engine, ChatModelDecorator models) {
        this.engine = engine;
        this.models = models;
    }

    @Override
    public Health health() {
        Map<String, Object> details = new LinkedHashMap<>();
        List<Status> all = new ArrayList<>();
        models.decorated().forEach((name, model) -> {
            Map<String, String> targets = new LinkedHashMap<>();
            for (Target target : model.routes().targets().order()) {
                targets.put(target.name(), state(engine.info(target)));
            }
            Status status = status(targets);
            all.add(status);
            details.put(name, Map.of("status", status.getCode(), "targets", targets));
        });
        return Health.status(overall(all)).withDetails(details).build();
    }

    private static final String USABLE = "usable";

    private static Status status(Map<String, String> targets) {
        long usable = targets.values().stream().filter(USABLE::equals).count();
        if (usable == 0) {
            return Status.OUT_OF_SERVICE;
        }
        return usable == targets.size() ? Status.UP : DEGRADED;
    }

    private static Status overall(List<Status> models) {
        if (models.stream().allMatch(Status.UP::equals)) {
            return Status.UP;
        }
        return models.stream().allMatch(Status.OUT_OF_SERVICE::equals) ? Status.OUT_OF_SERVICE : DEGRADED;
    }

    /** Why calls do not go there, in the engine's words. */
    private static String state(@Nullable TargetInfo info) {
        if (info == null) {
            return USABLE;
        }
        BlockInfo block = info.block();
        if (block != null && !block.until().isZero()) {
            return "blocked: " + block.failure().category();
        }
        if (info.circuit().state() == CircuitState.OPEN) {
            return "circuit open";
        }
        return info.pausedFor().compareTo(SHORT) > 0 ? "paused" : USABLE;
    }
}
