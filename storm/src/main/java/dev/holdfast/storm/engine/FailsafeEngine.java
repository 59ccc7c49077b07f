// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.holdfast.storm.measure.CircuitLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Failsafe: a retry policy around a circuit breaker, as its page on composition advises, and the next target as fallback.
 *
 * <p>Retry policy: two retries, the default, with the documentation's backoff from 1 s up to 30 s and its jitter of a tenth.
 * Circuit breaker: opens when half of the last ten executions failed (its guide opens at three of ten, which random errors
 * would trip all the time), for a minute, the default; closes after the guide's five successes. A rejected execution is not
 * retried.
 */
public final class FailsafeEngine implements Engine {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration OPEN = Duration.ofMinutes(1);

    private record Guarded(HttpTarget target, FailsafeExecutor<String> executor) {}

    private final List<Guarded> targets = new ArrayList<>();

    public FailsafeEngine(Surroundings surroundings) {
        Pace pace = surroundings.pace();
        CircuitLog circuits = surroundings.circuits();
        for (HttpTarget target : surroundings.targets()) {
            RetryPolicy<String> retry = RetryPolicy.<String>builder()
                    .handleIf(Faults::worthRetrying)
                    .withBackoff(pace.real(FIRST_WAIT), pace.real(LONGEST_WAIT))
                    .withJitter(0.1)
                    .withMaxRetries(2)
                    .build();
            CircuitBreaker<String> breaker = CircuitBreaker.<String>builder()
                    .handleIf(Faults::serverAtFault)
                    .withFailureThreshold(5, 10)
                    .withSuccessThreshold(5)
                    .withDelay(pace.real(OPEN))
                    .onOpen(event -> circuits.enters(target.name(), CircuitLog.OPEN))
                    .onHalfOpen(event -> circuits.enters(target.name(), CircuitLog.HALF_OPEN))
                    .onClose(event -> circuits.enters(target.name(), CircuitLog.CLOSED))
                    .build();
            targets.add(new Guarded(target, Failsafe.with(retry, breaker)));
        }
    }

    @Override
    public String call(Question question) throws Exception {
        for (int i = 0; ; i++) {
            Guarded guarded = targets.get(i);
            try {
                return guarded.executor().get(() -> guarded.target().ask(question));
            } catch (FailsafeException e) {
                Throwable cause = e instanceof CircuitBreakerOpenException || e.getCause() == null ? e : e.getCause();
                boolean anotherMayHelp = cause instanceof CircuitBreakerOpenException || Faults.worthRetrying(cause);
                if (!anotherMayHelp || i + 1 == targets.size()) {
                    throw e;
                }
            }
        }
    }
}
