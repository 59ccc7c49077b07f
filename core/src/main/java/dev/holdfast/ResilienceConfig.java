// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.retry.RetryConfig;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an engine can be told. Immutable.
 *
 * @param retry how often and how patiently
 * @param budget the retry budget of each target
 * @param circuit the circuit of each target
 * @param timeouts of one attempt
 * @param limits pacer, ramp, concurrency and queue of each target
 * @param hedge whether and when a slow attempt gets company
 * @param deadline of a call that states none; null (default) for none
 */
public record ResilienceConfig(
        RetryConfig retry,
        BudgetConfig budget,
        CircuitConfig circuit,
        TimeoutConfig timeouts,
        LimitConfig limits,
        HedgeConfig hedge,
        @Nullable Duration deadline) {

    public ResilienceConfig {
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(circuit, "circuit");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(hedge, "hedge");
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("deadline must be positive: " + deadline);
        }
    }

    public static ResilienceConfig defaults() {
        return new ResilienceConfig(
                RetryConfig.defaults(),
                BudgetConfig.defaults(),
                CircuitConfig.defaults(),
                TimeoutConfig.defaults(),
                LimitConfig.defaults(),
                HedgeConfig.defaults(),
                null);
    }

    public ResilienceConfig withRetry(RetryConfig value) {
        return new ResilienceConfig(value, budget, circuit, timeouts, limits, hedge, deadline);
    }

    public ResilienceConfig withBudget(BudgetConfig value) {
        return new ResilienceConfig(retry, value, circuit, timeouts, limits, hedge, deadline);
    }

    public ResilienceConfig withCircuit(CircuitConfig value) {
        return new ResilienceConfig(retry, budget, value, timeouts, limits, hedge, deadline);
    }

    public ResilienceConfig withTimeouts(TimeoutConfig value) {
        return new ResilienceConfig(retry, budget, circuit, value, limits, hedge, deadline);
    }

    public ResilienceConfig withLimits(LimitConfig value) {
        return new ResilienceConfig(retry, budget, circuit, timeouts, value, hedge, deadline);
    }

    public ResilienceConfig withHedge(HedgeConfig value) {
        return new ResilienceConfig(retry, budget, circuit, timeouts, limits, value, deadline);
    }

    public ResilienceConfig withDeadline(@Nullable Duration value) {
        return new ResilienceConfig(retry, budget, circuit, timeouts, limits, hedge, value);
    }

    /** Short for {@code withRetry(retry().withMaxAttempts(attempts))}. */
    public ResilienceConfig withMaxAttempts(int attempts) {
        return withRetry(retry.withMaxAttempts(attempts));
    }

    /** Short for {@code withRetry(retry().withBackoff(backoff))}. */
    public ResilienceConfig withBackoff(Backoff backoff) {
        return withRetry(retry.withBackoff(backoff));
    }
}
