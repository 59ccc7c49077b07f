// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.failure.Category;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A policy as the configuration file has it: every key with its value and what it decides. */
public final class PolicySettings {
    /**
     * One key of a policy.
     *
     * @param key its path in the policy, for example {@code retry.max_attempts}
     * @param value as the file has it; {@code none} for what is not set
     * @param usual the value without the policy
     * @param why what the key decides
     */
    public record Setting(String key, String value, String usual, String why) {}

    private static final String NONE = "none";

    private record Key(String path, Function<ResilienceConfig, @Nullable Object> value, String why) {
        String text(ResilienceConfig config) {
            return PolicySettings.text(value.apply(config));
        }
    }

    private static final List<Key> KEYS = keys();

    private PolicySettings() {}

    /** Every key of the policy. */
    public static List<Setting> all(ResilienceConfig policy, ResilienceConfig usual) {
        List<Setting> settings = new ArrayList<>();
        for (Key key : KEYS) {
            settings.add(new Setting(key.path(), key.text(policy), key.text(usual), key.why()));
        }
        return settings;
    }

    /** The keys in which the policy differs from what is usual. */
    public static List<Setting> differing(ResilienceConfig policy, ResilienceConfig usual) {
        return all(policy, usual).stream()
                .filter(setting -> !setting.value().equals(setting.usual()))
                .toList();
    }

    private static List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        keys.add(new Key("deadline", ResilienceConfig::deadline, "the whole call, waits and retries included, ends by then"));
        retry(keys);
        circuit(keys);
        timeouts(keys);
        keys.add(new Key("hedge.enabled", c -> c.hedge().enabled(), "a slow attempt gets company; both may be billed"));
        keys.add(new Key("hedge.quantile", c -> c.hedge().quantile(), "slower than this share of calls counts as slow"));
        keys.add(new Key("hedge.delay", c -> c.hedge().delay(), "counts as slow while few latencies are known"));
        budget(keys);
        limits(keys);
        return List.copyOf(keys);
    }

    private static void retry(List<Key> keys) {
        keys.add(new Key("retry.max_attempts", c -> c.retry().maxAttempts(), "attempts of one call over all targets"));
        keys.add(new Key("retry.backoff.kind", c -> c.retry().backoff().kind(), "how waits grow from retry to retry"));
        keys.add(new Key("retry.backoff.initial", c -> c.retry().backoff().initial(), "the first wait"));
        keys.add(new Key("retry.backoff.max", c -> c.retry().backoff().cap(), "no backoff is longer"));
        keys.add(new Key("retry.backoff.multiplier", c -> c.retry().backoff().multiplier(), "growth of exponential waits"));
        keys.add(new Key("retry.backoff.jitter", c -> c.retry().backoff().jitter(), "keeps callers from returning together"));
        keys.add(new Key("retry.wait_here", c -> c.retry().waitHere(), "a stated wait up to this is kept before failing over"));
        keys.add(new Key("retry.max_wait", c -> c.retry().maxWait(), "a call that would wait longer fails at once"));
        keys.add(new Key("retry.min_useful", c -> c.retry().minUseful(), "with less time left no attempt starts"));
        keys.add(new Key(
                "retry.attempts_per_category",
                c -> c.retry().attemptsPerCategory().entrySet().stream()
                        .map(entry -> entry.getKey().word() + ": " + entry.getValue())
                        .collect(Collectors.joining(", ", "{ ", " }")),
                "how many failures of a kind one call takes in place"));
    }

    private static void circuit(List<Key> keys) {
        keys.add(new Key("circuit.enabled", c -> c.circuit().enabled(), "whether a failing target is left alone"));
        keys.add(new Key("circuit.failure_threshold", c -> c.circuit().failureThreshold(), "failures in a row that open it"));
        keys.add(new Key("circuit.failure_rate", c -> c.circuit().failureRate(), "share of failures that opens it"));
        keys.add(new Key("circuit.minimum_attempts", c -> c.circuit().minimumAttempts(), "attempts before the rate counts"));
        keys.add(new Key("circuit.window_size", c -> c.circuit().windowSize(), "attempts that are looked back on"));
        keys.add(new Key("circuit.window_duration", c -> c.circuit().windowDuration(), "older attempts are forgotten"));
        keys.add(new Key("circuit.recovery", c -> c.circuit().recovery(), "how long it stays open the first time"));
        keys.add(new Key("circuit.max_recovery", c -> c.circuit().maxRecovery(), "how long repeated trips can make that"));
        keys.add(new Key("circuit.calm", c -> c.circuit().calm(), "after this long closed a trip is the first again"));
        keys.add(new Key("circuit.half_open_max_calls", c -> c.circuit().halfOpenMaxCalls(), "probes at once"));
        keys.add(new Key("circuit.half_open_successes", c -> c.circuit().halfOpenSuccesses(), "probes that close it"));
        keys.add(new Key("circuit.slow_after", c -> c.circuit().slowAfter(), "longer attempts count as slow"));
        keys.add(new Key("circuit.slow_rate", c -> c.circuit().slowRate(), "share of slow attempts that opens it"));
        keys.add(new Key(
                "circuit.counted",
                c -> c.circuit().counted().stream().map(Category::word).collect(Collectors.joining(", ", "[", "]")),
                "the failures that speak against the target"));
    }

    private static void timeouts(List<Key> keys) {
        keys.add(new Key("timeouts.connect", c -> c.timeouts().connect(), "until the connection stands"));
        keys.add(new Key("timeouts.first_content", c -> c.timeouts().firstContent(), "until a stream's first content"));
        keys.add(new Key("timeouts.idle", c -> c.timeouts().idle(), "the longest silence in a stream"));
        keys.add(new Key("timeouts.attempt", c -> c.timeouts().attempt(), "one whole attempt"));
    }

    private static void budget(List<Key> keys) {
        keys.add(new Key("budget.enabled", c -> c.budget().enabled(), "whether retries are bounded for each target"));
        keys.add(new Key("budget.capacity", c -> c.budget().capacity(), "tokens of a full budget"));
        keys.add(new Key("budget.cost", c -> c.budget().cost(), "tokens that a retry or hedge costs"));
        keys.add(new Key("budget.throttled_cost", c -> c.budget().throttledCost(), "the same after throttling"));
        keys.add(new Key("budget.refill_per_second", c -> c.budget().refillPerSecond(), "tokens that flow back by themselves"));
    }

    private static void limits(List<Key> keys) {
        keys.add(new Key(
                "limits.pacing.requests_per_minute",
                c -> c.limits().pacing().requestsPerMinute(),
                "starts per minute of each target; 0 for no limit"));
        keys.add(new Key(
                "limits.pacing.tokens_per_minute",
                c -> c.limits().pacing().tokensPerMinute(),
                "tokens per minute of each target; 0 for no limit"));
        keys.add(new Key("limits.pacing.burst", c -> c.limits().pacing().burst(), "allowance that may be used at once"));
        keys.add(new Key("limits.pacing.learn", c -> c.limits().pacing().learn(), "keeps to limits that responses state"));
        keys.add(new Key("limits.ramp.enabled", c -> c.limits().ramp().enabled(), "load on a target grows step by step"));
        keys.add(new Key("limits.ramp.floor", c -> c.limits().ramp().floor(), "attempts at once that any target gets"));
        keys.add(new Key("limits.ramp.peak_window", c -> c.limits().ramp().peakWindow(), "how long a peak counts as recent"));
        keys.add(new Key("limits.concurrency.fixed", c -> c.limits().concurrency().fixed(), "attempts at once; 0 for any"));
        keys.add(new Key("limits.concurrency.adaptive", c -> c.limits().concurrency().adaptive(), "throttling lowers the limit"));
        keys.add(new Key("limits.concurrency.decrease", c -> c.limits().concurrency().decrease(), "what throttling leaves of it"));
        keys.add(new Key(
                "limits.admission.queue_capacity",
                c -> c.limits().admission().queueCapacity(),
                "calls that may wait for one target"));
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return NONE;
        }
        if (value instanceof Duration duration) {
            return Quantities.text(duration);
        }
        if (value instanceof Double number) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
        return value instanceof Enum<?> word ? PolicyReader.lower(word) : value.toString();
    }
}
