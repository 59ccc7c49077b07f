// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.storm.measure.CircuitLog;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * AbstractCore's retry strategy with its defaults: three attempts for rate limits and timeouts, two for every other error of
 * the service, one for a request that is at fault; full jitter below 1 s and 2 s. Its circuit is asked once for each call and
 * counts every failed attempt, whatever failed; a success takes one back; at five it opens, and 60 seconds after the last
 * failure up to four calls may try, of which the first to end decides. It knows no stated wait and does not cover streams.
 */
public final class AbstractCorePolicy implements Policy {
    private static final int MAX_ATTEMPTS = 3;
    private static final int MAX_ATTEMPTS_OF_SERVICE_ERRORS = 2;
    private static final double INITIAL_NANOS = 1e9;
    private static final double CAP_NANOS = 60e9;
    private static final double BASE = 2;
    private static final int THRESHOLD = 5;
    private static final long RECOVERY_NANOS = 60_000_000_000L;
    private static final int HALF_OPEN_CALLS = 3;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int FIRST_SERVER_ERROR = 500;

    private final Consumer<String> circuit;
    private String state = CircuitLog.CLOSED;
    private int failures;
    private int halfOpenCalls;
    private long lastFailureNanos;

    public AbstractCorePolicy(Consumer<String> circuit) {
        this.circuit = circuit;
    }

    @Override
    public boolean admits(long nowNanos) {
        if (state.equals(CircuitLog.OPEN)) {
            if (nowNanos - lastFailureNanos < RECOVERY_NANOS) {
                return false;
            }
            halfOpenCalls = 0;
            enter(CircuitLog.HALF_OPEN);
            return true; // and is not counted
        }
        if (state.equals(CircuitLog.HALF_OPEN)) {
            return halfOpenCalls++ < HALF_OPEN_CALLS;
        }
        return true;
    }

    @Override
    public long attemptFailed(int attempt, Fault fault, long nowNanos, RandomGenerator random) {
        failures++;
        lastFailureNanos = nowNanos;
        boolean closed = state.equals(CircuitLog.CLOSED);
        if (state.equals(CircuitLog.HALF_OPEN) || (closed && failures >= THRESHOLD)) {
            enter(CircuitLog.OPEN);
        }
        if (attempt >= attemptsFor(fault)) {
            return STOP;
        }
        return (long) (random.nextDouble() * Math.min(CAP_NANOS, INITIAL_NANOS * Math.pow(BASE, attempt - 1.0)));
    }

    private static int attemptsFor(Fault fault) {
        boolean waitHelps = fault.kind() == Fault.Kind.TIMEOUT
                || fault.status() == TOO_MANY_REQUESTS
                || fault.status() == REQUEST_TIMEOUT;
        if (waitHelps) {
            return MAX_ATTEMPTS;
        }
        boolean service = fault.kind() == Fault.Kind.CONNECTION || fault.status() >= FIRST_SERVER_ERROR;
        return service ? MAX_ATTEMPTS_OF_SERVICE_ERRORS : 1;
    }

    @Override
    public void attemptSucceeded(long nowNanos) {
        if (state.equals(CircuitLog.HALF_OPEN)) {
            enter(CircuitLog.CLOSED);
            failures = 0;
            halfOpenCalls = 0;
        } else if (state.equals(CircuitLog.CLOSED)) {
            failures = Math.max(0, failures - 1);
        }
    }

    @Override
    public boolean coversStreams() {
        return false;
    }

    private void enter(String next) {
        state = next;
        circuit.accept(next);
    }
}
