// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.target.Target;
import dev.holdfast.target.TargetInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one target, looked up once. Counts begin with their first attempt; gauges ask the engine when somebody scrapes.
 * Several targets of one name (one model at two endpoints) share them: the worst circuit, block and pause, the fewest budget
 * tokens, and what is in flight together.
 */
final class TargetMeters {
    private static final int OUTCOMES = Outcome.values().length;
    /** One place for each outcome and category, the first of each outcome for attempts without one. */
    private static final int ROW = Category.values().length + 1;

    private final Meters meters;
    private final String name;
    private final List<Target> targets = new CopyOnWriteArrayList<>();
    private final AtomicReferenceArray<@Nullable Counter> attempts = new AtomicReferenceArray<>(OUTCOMES * ROW);
    private final Counter input;
    private final Counter output;
    private volatile @Nullable Timer firstContent;

    TargetMeters(Meters meters, String name) {
        this.meters = meters;
        this.name = name;
        this.input = tokens("input");
        this.output = tokens("output");
        attempts(Outcome.SUCCESS, null);
        if (!name.equals(HoldfastMetrics.OTHER)) {
            gauges();
        }
    }

    private Counter tokens(String direction) {
        return meters.counter(
                "holdfast.tokens", "Tokens as providers told them.", "target", name, "direction", direction);
    }

    private void gauges() {
        for (CircuitState state : CircuitState.values()) {
            meters.gauge(
                    "holdfast.circuit.state",
                    "1 for the state that the target's circuit is in, 0 for the others.",
                    this,
                    target -> target.circuit() == state ? 1 : 0,
                    "target",
                    name,
                    "state",
                    state.word());
        }
        meters.gauge("holdfast.blocked", "1 while its credential cannot work.", this, TargetMeters::blocked, own());
        meters.gauge("holdfast.paused", "1 while the provider asked us to wait.", this, TargetMeters::paused, own());
        meters.gauge("holdfast.budget.tokens", "Left for retries and hedges.", this, TargetMeters::budget, own());
        meters.gauge(
                "holdfast.in.flight",
                "Attempts on their way, streams included.",
                this,
                target -> target.infos().mapToInt(TargetInfo::inFlight).sum(),
                own());
        meters.gauge(
                "holdfast.waiting",
                "Calls that wait for a slot.",
                this,
                target -> target.infos()
                        .mapToInt(info -> info.admission().queued())
                        .sum(),
                own());
    }

    private String[] own() {
        return new String[] {"target", name};
    }

    /** To be asked about by the gauges. */
    void know(Target target) {
        if (!targets.contains(target) && !name.equals(HoldfastMetrics.OTHER)) {
            targets.add(target);
        }
    }

    private Stream<TargetInfo> infos() {
        return targets.stream().map(meters.engine::info).filter(Objects::nonNull);
    }

    /** Of a target that the engine has forgotten: closed, as it will be for its next call. */
    private CircuitState circuit() {
        List<CircuitState> states = infos().map(info -> info.circuit().state()).toList();
        return states.contains(CircuitState.OPEN)
                ? CircuitState.OPEN
                : states.contains(CircuitState.HALF_OPEN) ? CircuitState.HALF_OPEN : CircuitState.CLOSED;
    }

    private double blocked() {
        return infos().anyMatch(info -> info.block() != null) ? 1 : 0;
    }

    private double paused() {
        return infos().anyMatch(info -> !info.pausedFor().isZero()) ? 1 : 0;
    }

    private double budget() {
        return infos().mapToDouble(TargetInfo::budget)
                .min()
                .orElse(meters.engine.config().budget().capacity());
    }

    void ended(Outcome outcome, @Nullable Category category) {
        attempts(outcome, category).increment();
    }

    void tokens(long inputTokens, long outputTokens) {
        if (inputTokens > 0) {
            input.increment(inputTokens);
        }
        if (outputTokens > 0) {
            output.increment(outputTokens);
        }
    }

    Timer firstContent() {
        Timer known = firstContent;
        if (known == null) {
            known = meters.firstContent(name);
            firstContent = known;
        }
        return known;
    }

    void hedged(String result) {
        meters.counter(
                        "holdfast.hedges",
                        "Attempts started beside one that was slow to commit; won, lost, failed or cancelled.",
                        "target",
                        name,
                        "result",
                        result)
                .increment();
    }

    private Counter attempts(Outcome outcome, @Nullable Category category) {
        int place = outcome.ordinal() * ROW + (category == null ? 0 : category.ordinal() + 1);
        Counter known = attempts.get(place);
        if (known == null) {
            known = meters.counter(
                    "holdfast.attempts",
                    "Attempts that have ended.",
                    "target",
                    name,
                    "outcome",
                    outcome.word(),
                    "category",
                    category == null ? Meters.NONE : category.word());
            attempts.set(place, known);
        }
        return known;
    }
}
