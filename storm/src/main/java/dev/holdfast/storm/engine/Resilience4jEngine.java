// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.storm.measure.CircuitLog;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * resilience4j: a retry around a circuit breaker, the order of its Spring Boot starter, and the next target as fallback.
 *
 * <p>Circuit breaker: the values of the project's own demo (spring-boot3-demo, application.yml): the last 10 calls, at least 5,
 * half of them failed, 5 s open, 3 calls half-open; exceptions of the server, timeouts and I/O are recorded, others ignored.
 * Retry: three attempts and exponential random backoff from 500 ms by 1.5, the defaults of {@link RetryConfig} and {@link
 * IntervalFunction}; a call that the breaker rejects is not retried.
 */
public final class Resilience4jEngine implements Engine {
    private static final Duration OPEN = Duration.ofSeconds(5);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private record Guarded(HttpTarget target, CircuitBreaker breaker, Retry retry) {}

    private final CircuitLog circuits;
    private final List<Guarded> targets = new ArrayList<>();

    public Resilience4jEngine(Surroundings surroundings) {
        this.circuits = surroundings.circuits();
        Pace pace = surroundings.pace();
        CircuitBreakerConfig breaker = CircuitBreakerConfig.custom()
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(pace.real(OPEN))
                .permittedNumberOfCallsInHalfOpenState(3)
                .recordException(Faults::serverAtFault)
                .ignoreException(error -> !Faults.serverAtFault(error))
                .build();
        RetryConfig retry = RetryConfig.custom()
                .maxAttempts(3)
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(pace.real(FIRST_WAIT), 1.5))
                .retryOnException(Faults::worthRetrying)
                .build();
        for (HttpTarget target : surroundings.targets()) {
            CircuitBreaker own = CircuitBreaker.of(target.name(), breaker);
            own.getEventPublisher().onStateTransition(this::tell);
            targets.add(new Guarded(target, own, Retry.of(target.name(), retry)));
        }
    }

    private void tell(CircuitBreakerOnStateTransitionEvent event) {
        String state =
                switch (event.getStateTransition().getToState()) {
                    case OPEN -> CircuitLog.OPEN;
                    case HALF_OPEN -> CircuitLog.HALF_OPEN;
                    default -> CircuitLog.CLOSED;
                };
        circuits.enters(event.getCircuitBreakerName(), state);
    }

    @Override
    public String call(Question question) throws Exception {
        for (int i = 0; ; i++) {
            Guarded guarded = targets.get(i);
            Callable<String> ask = CircuitBreaker.decorateCallable(
                    guarded.breaker(), () -> guarded.target().ask(question));
            try {
                return Retry.decorateCallable(guarded.retry(), ask).call();
            } catch (Exception e) {
                boolean anotherMayHelp = e instanceof CallNotPermittedException || Faults.worthRetrying(e);
                if (!anotherMayHelp || i + 1 == targets.size()) {
                    throw e;
                }
            }
        }
    }
}
