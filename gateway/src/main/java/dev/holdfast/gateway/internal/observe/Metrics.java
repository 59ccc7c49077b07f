// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.AttemptReport;
import dev.holdfast.failure.Outcome;
import dev.holdfast.gateway.internal.route.Fleet;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what came of calls and attempts, for Prometheus and for the page. Counters are fed from the records of calls, so
 * that no engine has to build an event for them; what is a state and not a count is asked for when somebody scrapes.
 *
 * <p>Labels are bounded: {@value #MOST} models and as many targets have series of their own, those that are configured
 * first; what comes after them counts as {@value #OTHER}. Thread-safe.
 */
public final class Metrics implements CallObserver {
    static final String OTHER = "other";
    static final int MOST = 500;

    private static final double[] CALL_SECONDS = {
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600
    };
    private static final double[] FIRST_CONTENT_SECONDS = {
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 20, 30, 60
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter calls = counter("holdfast_calls_total", "Client calls that have ended.", "model", "outcome");
    private final Counter attempts =
            counter("holdfast_attempts_total", "Attempts that have ended.", "target", "outcome", "category");
    private final Counter tokens =
            counter("holdfast_tokens_total", "Tokens as providers told them.", "target", "direction");
    private final Counter failovers = counter(
            "holdfast_failovers_total", "Attempts that went to another target than the one before.", "from", "to");
    private final Counter hedges = counter(
            "holdfast_hedges_total",
            "Attempts started beside one that was slow to commit; won, lost, failed or cancelled.",
            "target",
            "result");
    private final Histogram durations = Histogram.builder()
            .name("holdfast_call_duration_seconds")
            .help("Client calls from their start to their end, streams included.")
            .labelNames("model")
            .classicOnly()
            .classicUpperBounds(CALL_SECONDS)
            .withoutExemplars()
            .register(registry);
    private final Histogram firstContents = Histogram.builder()
            .name("holdfast_first_content_seconds")
            .help("Streams from the start of the attempt that answered to its first content.")
            .labelNames("target")
            .classicOnly()
            .classicUpperBounds(FIRST_CONTENT_SECONDS)
            .withoutExemplars()
            .register(registry);

    private final Map<String, ModelMeter> models = new ConcurrentHashMap<>();
    private final Map<String, TargetMeter> targets = new ConcurrentHashMap<>();
    private final Map<Way, CounterDataPoint> ways = new ConcurrentHashMap<>();
    private final Fleet fleet;

    private record Way(String from, String to) {}

    public Metrics(Fleet fleet) {
        this.fleet = fleet;
        registry.register(new FleetMetrics(this, fleet));
        JvmMetrics.builder().register(registry);
        know();
        fleet.onChange(this::know);
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    /** What is configured has its series before the first call, and its place before callers' names take it. */
    private void know() {
        fleet.models().forEach(this::model);
        fleet.members().forEach(member -> target(member.target().name()));
    }

    /** A count of something else that happens in the gateway. */
    public Counter counter(String name, String help) {
        return counter(name, help, new String[0]);
    }

    @Override
    public void ended(CallRecord call) {
        model(call.model()).ended(call);
        List<AttemptReport> all = call.attempts();
        for (int i = 0; i < all.size(); i++) {
            AttemptReport attempt = all.get(i);
            target(attempt.target().name()).ended(attempt);
            if (attempt.hedge()) {
                hedges.labelValues(label(attempt.target().name()), result(call, attempt))
                        .inc();
            } else if (i > 0) {
                wentOn(all.get(i - 1), attempt);
            }
        }
        tokens(call);
        Duration firstContent = call.firstContent();
        String answered = call.target();
        if (firstContent != null && answered != null) {
            target(answered).firstContent(FirstContent.ofAttempt(call, firstContent));
        }
    }

    /** By attempt where attempts told theirs; else all are the answering target's. */
    private void tokens(CallRecord call) {
        boolean told = false;
        for (AttemptReport attempt : call.attempts()) {
            told |= attempt.inputTokens() + attempt.outputTokens() > 0;
            target(attempt.target().name()).tokens(attempt.inputTokens(), attempt.outputTokens());
        }
        String answered = call.target();
        if (!told && answered != null) {
            target(answered).tokens(call.inputTokens(), call.outputTokens());
        }
    }

    private static String result(CallRecord call, AttemptReport hedge) {
        return switch (hedge.outcome()) {
            case SUCCESS -> "won";
            case FAILURE, IGNORED -> "failed";
            case CANCELLED -> call.outcome().equals("cancelled") ? "cancelled" : "lost";
        };
    }

    /** An attempt that lost to a hedge was not left for the one after it; nor was one that started later. */
    private void wentOn(AttemptReport before, AttemptReport attempt) {
        if (before.number() < attempt.number()
                && before.outcome() != Outcome.CANCELLED
                && !before.target().equals(attempt.target())) {
            Way way = new Way(
                    label(before.target().name()), label(attempt.target().name()));
            CounterDataPoint series = ways.get(way);
            if (series == null) {
                Way counted = ways.size() < MOST ? way : new Way(OTHER, OTHER);
                series = ways.computeIfAbsent(counted, made -> failovers.labelValues(made.from, made.to));
            }
            series.inc();
        }
    }

    private ModelMeter model(String name) {
        ModelMeter known = models.get(name);
        if (known != null) {
            return known;
        }
        String label = models.size() < MOST ? name : OTHER;
        return models.computeIfAbsent(label, model -> new ModelMeter(model, calls, durations));
    }

    private TargetMeter target(String name) {
        TargetMeter known = targets.get(name);
        return known != null ? known : targets.computeIfAbsent(label(name), this::meter);
    }

    private TargetMeter meter(String target) {
        hedges.initLabelValues(target, "won"); // from the start, as TargetMeter does with successes
        return new TargetMeter(target, attempts, tokens, firstContents.labelValues(target));
    }

    /** The label of a target: its name while there is room for another one. */
    String label(String target) {
        return targets.containsKey(target) || targets.size() < MOST ? target : OTHER;
    }

    /** What came of the attempts on a target so far; that of all others together where the target has no series. */
    public TargetCounts counts(String target) {
        TargetMeter meter = targets.get(target);
        return meter == null ? TargetCounts.NONE : meter.counts();
    }

    /** All metrics as they are now. Takes the time of a look at every target; not for event loops. */
    public MetricSnapshots scrape() {
        return registry.scrape();
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
