// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.storm.measure.CircuitLog;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The resilience layer that was proposed for Hive, with its defaults: up to three retries of whatever failed, after 1, 2 and 4
 * seconds, each times 0.5 to 1.5; around them a circuit that opens after five calls in a row have failed with all their
 * retries, for 30 seconds after the last failure; then everybody may pass, one success closes it, one failure opens it again.
 * It does not look at what failed, knows no stated wait, and does not cover streams.
 */
public final class HivePolicy implements Policy {
    private static final int MAX_RETRIES = 3;
    private static final double INITIAL_NANOS = 1e9;
    private static final double BASE = 2;
    private static final int THRESHOLD = 5;
    private static final long RECOVERY_NANOS = 30_000_000_000L;

    private final Consumer<String> circuit;
    private String state = CircuitLog.CLOSED;
    private int failures;
    private long lastFailureNanos;

    public HivePolicy(Consumer<String> circuit) {
        this.circuit = circuit;
    }

    @Override
    public boolean admits(long nowNanos) {
        if (state.equals(CircuitLog.OPEN)) {
            if (nowNanos - lastFailureNanos < RECOVERY_NANOS) {
                return false;
            }
            enter(CircuitLog.HALF_OPEN);
        }
        return true;
    }

    @Override
    public long attemptFailed(int attempt, Fault fault, long nowNanos, RandomGenerator random) {
        if (attempt <= MAX_RETRIES) {
            return (long) (INITIAL_NANOS * Math.pow(BASE, attempt - 1.0) * (0.5 + random.nextDouble()));
        }
        failures++;
        lastFailureNanos = nowNanos;
        boolean closed = state.equals(CircuitLog.CLOSED);
        if (state.equals(CircuitLog.HALF_OPEN) || (closed && failures >= THRESHOLD)) {
            enter(CircuitLog.OPEN);
        }
        return STOP;
    }

    @Override
    public void attemptSucceeded(long nowNanos) {
        if (state.equals(CircuitLog.HALF_OPEN)) {
            enter(CircuitLog.CLOSED);
        }
        if (state.equals(CircuitLog.CLOSED)) {
            failures = 0;
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
