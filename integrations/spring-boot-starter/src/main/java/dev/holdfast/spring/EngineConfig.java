// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

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
import dev.holdfast.retry.RetryConfig;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The engine's configuration from the properties. Each value is put in on its own, so that one that the engine refuses is
 * told with the name of its property.
 */
final class EngineConfig {
    private EngineConfig() {}

    static ResilienceConfig of(HoldfastProperties properties) {
        return Step.of(ResilienceConfig.defaults()
                        .withRetry(retry(properties.retry()))
                        .withBudget(budget(properties.budget()))
                        .withCircuit(circuit(properties.circuit()))
                        .withTimeouts(timeouts(properties.timeouts()))
                        .withLimits(limits(properties.limits()))
                        .withHedge(hedge(properties.hedge())))
                .put("deadline", properties.deadline(), ResilienceConfig::withDeadline)
                .value();
    }

    private static RetryConfig retry(HoldfastProperties.Retry retry) {
        HoldfastProperties.BackoffWait wait = retry.backoff();
        Backoff backoff = Step.of(new Backoff(wait.kind(), Duration.ZERO, 1, Duration.ZERO, wait.jitter()))
                .put("retry.backoff.initial", wait.initial(), Backoff::withInitial)
                .put("retry.backoff.max", wait.max(), Backoff::withCap)
                .put("retry.backoff.multiplier", wait.multiplier(), Backoff::withMultiplier)
                .value();
        Step<RetryConfig> step = Step.of(RetryConfig.defaults().withBackoff(backoff))
                .put("retry.max-attempts", retry.maxAttempts(), RetryConfig::withMaxAttempts)
                .put("retry.wait-here", retry.waitHere(), RetryConfig::withWaitHere)
                .put("retry.max-wait", retry.maxWait(), RetryConfig::withMaxWait)
                .put("retry.min-useful", retry.minUseful(), RetryConfig::withMinUseful);
        for (Map.Entry<Category, Integer> entry : new EnumMap<>(withUsual(retry.attemptsPerCategory())).entrySet()) {
            step = step.put(
                    "retry.attempts-per-category." + entry.getKey().word().replace('_', '-'),
                    entry.getValue(),
                    (config, attempts) -> config.withAttempts(entry.getKey(), attempts));
        }
        return step.value();
    }

    private static Map<Category, Integer> withUsual(Map<Category, Integer> stated) {
        EnumMap<Category, Integer> all = new EnumMap<>(Category.class);
        all.putAll(RetryConfig.defaults().attemptsPerCategory());
        all.putAll(stated);
        return all;
    }

    private static CircuitConfig circuit(HoldfastProperties.CircuitBreaker circuit) {
        Step<CircuitConfig> step = Step.of(CircuitConfig.defaults().withEnabled(circuit.enabled()))
                .put("circuit.failure-threshold", circuit.failureThreshold(), CircuitConfig::withFailureThreshold)
                .put("circuit.failure-rate", circuit.failureRate(), CircuitConfig::withFailureRate)
                .put("circuit.minimum-attempts", circuit.minimumAttempts(), CircuitConfig::withMinimumAttempts)
                .put(
                        "circuit.window-duration",
                        circuit.windowDuration(),
                        (config, value) -> config.withWindow(config.windowSize(), value))
                .put(
                        "circuit.window-size",
                        circuit.windowSize(),
                        (config, value) -> config.withWindow(value, config.windowDuration()))
                .put("circuit.recovery", circuit.recovery(), CircuitConfig::withRecovery)
                .put("circuit.max-recovery", circuit.maxRecovery(), CircuitConfig::withMaxRecovery)
                .put("circuit.calm", circuit.calm(), CircuitConfig::withCalm)
                .put(
                        "circuit.half-open-max-calls",
                        circuit.halfOpenMaxCalls(),
                        (config, value) -> config.withHalfOpen(value, config.halfOpenSuccesses()))
                .put(
                        "circuit.half-open-successes",
                        circuit.halfOpenSuccesses(),
                        (config, value) -> config.withHalfOpen(config.halfOpenMaxCalls(), value))
                .put(
                        "circuit.slow-after",
                        circuit.slowAfter(),
                        (config, value) -> config.withSlowCalls(value, config.slowRate()))
                .put("circuit.counted", circuit.counted(), CircuitConfig::withCounted);
        // the rate means nothing without a time, but a wrong one is a mistake all the same
        Duration slowAfter = circuit.slowAfter();
        return step.put("circuit.slow-rate", circuit.slowRate(), (config, value) -> {
                    CircuitConfig rated = config.withSlowCalls(Duration.ofSeconds(1), value);
                    return slowAfter == null ? config : rated.withSlowCalls(slowAfter, value);
                })
                .value();
    }

    private static TimeoutConfig timeouts(HoldfastProperties.Timeouts timeouts) {
        return Step.of(TimeoutConfig.defaults())
                .put("timeouts.connect", timeouts.connect(), TimeoutConfig::withConnect)
                .put("timeouts.first-content", timeouts.firstContent(), TimeoutConfig::withFirstContent)
                .put("timeouts.idle", timeouts.idle(), TimeoutConfig::withIdle)
                .put("timeouts.attempt", timeouts.attempt(), TimeoutConfig::withAttempt)
                .value();
    }

    private static HedgeConfig hedge(HoldfastProperties.Hedge hedge) {
        return Step.of(HedgeConfig.defaults().withEnabled(hedge.enabled()))
                .put("hedge.quantile", hedge.quantile(), HedgeConfig::withQuantile)
                .put("hedge.delay", hedge.delay(), HedgeConfig::withDelay)
                .value();
    }

    private static BudgetConfig budget(HoldfastProperties.Budget budget) {
        // the capacity first, for the costs are held to it
        return Step.of(new BudgetConfig(budget.enabled(), Integer.MAX_VALUE, 0, 0, 0))
                .put("budget.capacity", budget.capacity(), BudgetConfig::withCapacity)
                .put("budget.cost", budget.cost(), BudgetConfig::withCost)
                .put("budget.throttled-cost", budget.throttledCost(), BudgetConfig::withThrottledCost)
                .put("budget.refill-per-second", budget.refillPerSecond(), BudgetConfig::withRefillPerSecond)
                .value();
    }

    private static LimitConfig limits(HoldfastProperties.Limits limits) {
        HoldfastProperties.Pacing pacing = limits.pacing();
        HoldfastProperties.Ramp ramp = limits.ramp();
        HoldfastProperties.Concurrency concurrency = limits.concurrency();
        return new LimitConfig(
                Step.of(PacerConfig.defaults().withLearn(pacing.learn()))
                        .put(
                                "limits.pacing.requests-per-minute",
                                pacing.requestsPerMinute(),
                                PacerConfig::withRequestsPerMinute)
                        .put(
                                "limits.pacing.tokens-per-minute",
                                pacing.tokensPerMinute(),
                                PacerConfig::withTokensPerMinute)
                        .put("limits.pacing.burst", pacing.burst(), PacerConfig::withBurst)
                        .value(),
                Step.of(RampConfig.defaults().withEnabled(ramp.enabled()))
                        .put("limits.ramp.floor", ramp.floor(), RampConfig::withFloor)
                        .put("limits.ramp.peak-window", ramp.peakWindow(), RampConfig::withPeakWindow)
                        .value(),
                Step.of(ConcurrencyConfig.defaults().withAdaptive(concurrency.adaptive()))
                        .put("limits.concurrency.fixed", concurrency.fixed(), ConcurrencyConfig::withFixed)
                        .put("limits.concurrency.decrease", concurrency.decrease(), ConcurrencyConfig::withDecrease)
                        .value(),
                Step.of(AdmissionConfig.defaults())
                        .put(
                                "limits.admission.queue-capacity",
                                limits.admission().queueCapacity(),
                                AdmissionConfig::withQueueCapacity)
                        .value());
    }

    /** A configuration on its way. */
    private record Step<C>(C value) {
        static <C> Step<C> of(C start) {
            return new Step<>(start);
        }

        /** With one more property; without it where that is not set. */
        <V> Step<C> put(String property, @Nullable V value, Put<C, V> put) {
            if (value == null) {
                return this;
            }
            try {
                return new Step<>(put.into(this.value, value));
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationPropertyValueException(
                        "holdfast." + property, value, String.valueOf(e.getMessage()));
            }
        }
    }

    @FunctionalInterface
    private interface Put<C, V> {
        C into(C config, V value);
    }
}
