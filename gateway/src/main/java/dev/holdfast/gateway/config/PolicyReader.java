// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.HedgeConfig;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.limit.AdmissionConfig;
import dev.holdfast.limit.ConcurrencyConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.limit.RampConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.retry.Jitter;
import dev.holdfast.retry.RetryConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads one policy: what it states, and the defaults for the rest. */
final class PolicyReader {
    private static final int MANY = 1_000_000_000;
    private static final double TINY = 1e-9;

    private static final Map<String, Category> CATEGORIES = words(Category.values(), Category::word);
    private static final Map<String, Jitter> JITTERS = words(Jitter.values(), PolicyReader::lower);
    private static final Map<String, Backoff.Kind> KINDS = words(Backoff.Kind.values(), PolicyReader::lower);

    private final ResilienceConfig usual;

    /** @param usual what holds where a policy says nothing */
    PolicyReader(ResilienceConfig usual) {
        this.usual = usual;
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static <T> Map<String, T> words(T[] values, Function<T, String> word) {
        return Arrays.stream(values).collect(Collectors.toMap(word, Function.identity(), (a, b) -> a, TreeMap::new));
    }

    ResilienceConfig read(Section policy) {
        Duration deadline = policy.optionalDuration("deadline", usual.deadline());
        ResilienceConfig config = new ResilienceConfig(
                retry(policy.section("retry")),
                budget(policy.section("budget")),
                circuit(policy.section("circuit")),
                timeouts(policy.section("timeouts")),
                limits(policy.section("limits")),
                hedge(policy.section("hedge")),
                deadline);
        policy.end();
        return config;
    }

    private RetryConfig retry(Section section) {
        RetryConfig from = usual.retry();
        RetryConfig retry = new RetryConfig(
                section.whole("max_attempts", from.maxAttempts(), 1, MANY),
                backoff(section.section("backoff")),
                section.durationOrZero("wait_here", from.waitHere()),
                section.durationOrZero("max_wait", from.maxWait()),
                section.durationOrZero("min_useful", from.minUseful()),
                perCategory(section.section("attempts_per_category"), from.attemptsPerCategory()));
        section.end();
        return retry;
    }

    private static Map<Category, Integer> perCategory(Section section, Map<Category, Integer> from) {
        Map<Category, Integer> attempts = new EnumMap<>(Category.class);
        attempts.putAll(from);
        CATEGORIES.forEach((word, category) -> {
            int stated = section.whole(word, 0, 1, MANY);
            if (stated > 0) {
                attempts.put(category, stated);
            }
        });
        section.end();
        return attempts;
    }

    private Backoff backoff(Section section) {
        Backoff from = usual.retry().backoff();
        Backoff backoff = new Backoff(
                section.choice("kind", from.kind(), KINDS),
                section.durationOrZero("initial", from.initial()),
                section.number("multiplier", from.multiplier(), 1, MANY),
                section.durationOrZero("max", from.cap()),
                section.choice("jitter", from.jitter(), JITTERS));
        section.end();
        return backoff;
    }

    private CircuitConfig circuit(Section section) {
        CircuitConfig from = usual.circuit();
        int threshold = section.whole("failure_threshold", from.failureThreshold(), 1, MANY);
        int minimum = section.whole("minimum_attempts", from.minimumAttempts(), 1, MANY);
        // A window and a longest break that nobody stated make room for what was stated.
        int widest = (int) Math.min(Integer.MAX_VALUE, Math.max(from.windowSize(), Math.max(minimum, 2L * threshold)));
        int window = section.whole("window_size", widest, 1, MANY);
        Duration recovery = section.duration("recovery", from.recovery());
        Duration longest = from.maxRecovery().compareTo(recovery) < 0 ? recovery : from.maxRecovery();
        Duration maxRecovery = section.duration("max_recovery", longest);
        if (maxRecovery.compareTo(recovery) < 0) {
            section.problem("max_recovery", "must not be shorter than recovery, " + Quantities.text(recovery));
        }
        Duration slowAfter = section.optionalDuration("slow_after", from.slowAfter());
        boolean enabled = section.bool("enabled", from.enabled());
        double rate = section.number("failure_rate", from.failureRate(), TINY, 1);
        Duration windowDuration = section.duration("window_duration", from.windowDuration());
        Duration calm = section.duration("calm", from.calm());
        int probes = section.whole("half_open_max_calls", from.halfOpenMaxCalls(), 1, MANY);
        int successes = section.whole("half_open_successes", from.halfOpenSuccesses(), 1, MANY);
        double slowRate = section.number("slow_rate", from.slowRate(), TINY, 1);
        Set<Category> counted = counted(section, from.counted());
        section.end();
        return section.build(
                from,
                Map.of(
                        "windowSize", "window_size",
                        "minimumAttempts", "minimum_attempts",
                        "failureThreshold", "failure_threshold"),
                () -> new CircuitConfig(
                        enabled,
                        threshold,
                        rate,
                        minimum,
                        window,
                        windowDuration,
                        recovery,
                        maxRecovery,
                        calm,
                        probes,
                        successes,
                        slowAfter,
                        slowRate,
                        counted));
    }

    private static Set<Category> counted(Section section, Set<Category> from) {
        List<Section.Item> words = section.words("counted");
        if (!section.isStated("counted")) {
            return from;
        }
        EnumSet<Category> counted = EnumSet.noneOf(Category.class);
        for (Section.Item word : words) {
            Category category = CATEGORIES.get(Section.text(word));
            if (category == null) {
                section.problem(
                        word,
                        "must be a category" + Nearest.hint(Section.text(word), CATEGORIES.keySet()) + "; known: "
                                + String.join(", ", CATEGORIES.keySet()));
            } else {
                counted.add(category);
            }
        }
        return counted;
    }

    private TimeoutConfig timeouts(Section section) {
        TimeoutConfig from = usual.timeouts();
        TimeoutConfig timeouts = new TimeoutConfig(
                section.duration("connect", from.connect()),
                section.duration("first_content", from.firstContent()),
                section.duration("idle", from.idle()),
                section.duration("attempt", from.attempt()));
        section.end();
        return timeouts;
    }

    private HedgeConfig hedge(Section section) {
        HedgeConfig from = usual.hedge();
        boolean enabled = section.bool("enabled", from.enabled());
        double quantile = section.number("quantile", from.quantile(), 0, 1);
        Duration delay = section.duration("delay", from.delay());
        section.end();
        return section.build(from, Map.of("quantile", "quantile"), () -> new HedgeConfig(enabled, quantile, delay));
    }

    private BudgetConfig budget(Section section) {
        BudgetConfig from = usual.budget();
        boolean enabled = section.bool("enabled", from.enabled());
        int capacity = section.whole("capacity", from.capacity(), 1, MANY);
        int cost = section.whole("cost", from.cost(), 0, MANY);
        int throttled = section.whole("throttled_cost", from.throttledCost(), 0, MANY);
        double refill = section.number("refill_per_second", from.refillPerSecond(), 0, MANY);
        section.end();
        return section.build(
                from,
                Map.of("budget cost", "cost", "throttledCost", "throttled_cost"),
                () -> new BudgetConfig(enabled, capacity, cost, throttled, refill));
    }

    private LimitConfig limits(Section section) {
        LimitConfig limits = new LimitConfig(
                pacing(section.section("pacing")),
                ramp(section.section("ramp")),
                concurrency(section.section("concurrency")),
                admission(section.section("admission")));
        section.end();
        return limits;
    }

    private PacerConfig pacing(Section section) {
        PacerConfig from = usual.limits().pacing();
        PacerConfig pacing = new PacerConfig(
                section.whole("requests_per_minute", from.requestsPerMinute(), 0, Long.MAX_VALUE / 2),
                section.whole("tokens_per_minute", from.tokensPerMinute(), 0, Long.MAX_VALUE / 2),
                section.duration("burst", from.burst()),
                section.bool("learn", from.learn()));
        section.end();
        return pacing;
    }

    private RampConfig ramp(Section section) {
        RampConfig from = usual.limits().ramp();
        RampConfig ramp = new RampConfig(
                section.bool("enabled", from.enabled()),
                section.whole("floor", from.floor(), 1, MANY),
                section.duration("peak_window", from.peakWindow()));
        section.end();
        return ramp;
    }

    private ConcurrencyConfig concurrency(Section section) {
        ConcurrencyConfig from = usual.limits().concurrency();
        ConcurrencyConfig concurrency = new ConcurrencyConfig(
                section.whole("fixed", from.fixed(), 0, MANY),
                section.bool("adaptive", from.adaptive()),
                section.number("decrease", from.decrease(), 0.001, 0.999));
        section.end();
        return concurrency;
    }

    private AdmissionConfig admission(Section section) {
        AdmissionConfig admission = new AdmissionConfig(section.whole(
                "queue_capacity", usual.limits().admission().queueCapacity(), 0, MANY));
        section.end();
        return admission;
    }
}
