// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;

/**
 * The same policies for everybody: 3 attempts, exponential backoff from 1 s to 60 s, a circuit over the last 100 attempts
 * that opens at half of them, at least 20, and stays open for 60 s. Holdfast has its budget and a deadline of the call on
 * top, as it always has; the peers have no such thing to switch on.
 */
final class Policies {
    private static final int ATTEMPTS = 3;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration OPEN = Duration.ofSeconds(60);
    private static final int WINDOW = 100;
    private static final int MINIMUM = 20;

    /** A billion a second. */
    private static final long REQUESTS_PER_MINUTE = 60_000_000_000L;

    private Policies() {}

    static ResilienceConfig holdfastConfig() {
        return ResilienceConfig.defaults().withMaxAttempts(ATTEMPTS).withDeadline(Duration.ofMinutes(2));
    }

    static Holdfast holdfast() {
        return Holdfast.builder().config(holdfastConfig()).build();
    }

    /** With a pacer too; its limits are far above what a benchmark can ask for. */
    static Holdfast holdfastWithEverything() {
        ResilienceConfig config = holdfastConfig();
        LimitConfig limits =
                config.limits().withPacing(config.limits().pacing().withRequestsPerMinute(REQUESTS_PER_MINUTE));
        return Holdfast.builder().config(config.withLimits(limits)).build();
    }

    /** A retry costs no wait, the circuit never opens: what is left is the machinery of a retry. */
    static Holdfast holdfastWithoutWaits() {
        ResilienceConfig config = holdfastConfig().withBackoff(Backoff.fixed(Duration.ZERO));
        return Holdfast.builder()
                .config(config.withBudget(BudgetConfig.disabled())
                        .withCircuit(config.circuit().withFailureRate(1.0)))
                .build();
    }

    static CircuitBreaker resilience4jCircuit() {
        return CircuitBreaker.of("bench", circuitConfig(50));
    }

    static CircuitBreaker resilience4jCircuitThatNeverOpens() {
        return CircuitBreaker.of("bench", circuitConfig(100));
    }

    private static CircuitBreakerConfig circuitConfig(float failureRate) {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(MINIMUM)
                .failureRateThreshold(failureRate)
                .waitDurationInOpenState(OPEN)
                .permittedNumberOfCallsInHalfOpenState(3)
                .ignoreExceptions(RefusedException.class)
                .build();
    }

    static Retry resilience4jRetry() {
        return Retry.of(
                "bench",
                RetryConfig.custom()
                        .maxAttempts(ATTEMPTS)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(FIRST_WAIT, 2.0, LONGEST_WAIT))
                        .ignoreExceptions(RefusedException.class)
                        .build());
    }

    static Retry resilience4jRetryWithoutWaits() {
        return Retry.of(
                "bench",
                RetryConfig.custom()
                        .maxAttempts(ATTEMPTS)
                        .waitDuration(Duration.ZERO)
                        .build());
    }

    static FailsafeExecutor<Object> failsafe() {
        RetryPolicy<Object> retry = RetryPolicy.builder()
                .withMaxAttempts(ATTEMPTS)
                .withBackoff(FIRST_WAIT, LONGEST_WAIT)
                .handleIf(error -> !(error instanceof RefusedException))
                .build();
        return Failsafe.with(retry, failsafeCircuit(WINDOW / 2));
    }

    static FailsafeExecutor<Object> failsafeWithoutWaits() {
        RetryPolicy<Object> retry =
                RetryPolicy.builder().withMaxAttempts(ATTEMPTS).build();
        return Failsafe.with(retry, failsafeCircuit(WINDOW));
    }

    static dev.failsafe.CircuitBreaker<Object> failsafeCircuit(int failures) {
        return dev.failsafe.CircuitBreaker.builder()
                .withFailureThreshold(failures, WINDOW)
                .handleIf(error -> !(error instanceof RefusedException))
                .withDelay(OPEN)
                .withSuccessThreshold(1)
                .build();
    }
}
