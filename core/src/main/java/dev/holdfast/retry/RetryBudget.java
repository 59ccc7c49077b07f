// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

/**
 * A token bucket that bounds the retries and hedges at one target: what a breaker cannot do for many small callers, whose
 * retries together keep a provider down. Thread-safe.
 *
 * <p>Contract: an attempt that is not the first of its call withdraws before it is scheduled; an attempt that then never
 * starts gives the same amount back; one that succeeds returns what it cost, and a first attempt that succeeds returns
 * {@link #FIRST_SUCCESS}. A full bucket is the normal state and costs its callers one volatile read.
 *
 * <p>Source: token bucket of the AWS SDK standard retry mode; M. Brooker, "Fixing retries with token buckets and circuit
 * breakers", 2022.
 */
public final class RetryBudget {
    /** Tokens that a successful first attempt returns. */
    public static final int FIRST_SUCCESS = 1;

    private final BudgetConfig config;
    private final Object lock = new Object();

    /** False from the first withdrawal until the bucket is full again; written under the lock. */
    private volatile boolean full = true;

    // guarded by lock
    private double tokens;
    private long refilledAtNanos;

    public RetryBudget(BudgetConfig config) {
        this.config = config;
        this.tokens = config.capacity();
    }

    /** What a retry costs after a failure of this kind. */
    public int cost(boolean throttled) {
        if (!config.enabled()) {
            return 0;
        }
        return throttled ? config.throttledCost() : config.cost();
    }

    /** Takes the tokens, all or none; false when fewer are there. */
    public boolean tryWithdraw(int cost, long nowNanos) {
        if (cost == 0) {
            return true;
        }
        synchronized (lock) {
            refill(nowNanos);
            if (tokens < cost) {
                return false;
            }
            tokens -= cost;
            full = false;
            return true;
        }
    }

    /** Puts tokens back; what exceeds the capacity is lost. */
    public void deposit(int amount, long nowNanos) {
        if (full || amount == 0) {
            return;
        }
        synchronized (lock) {
            refill(nowNanos);
            tokens = Math.min(config.capacity(), tokens + amount);
            full = tokens >= config.capacity();
        }
    }

    /** What is in the bucket now. */
    public double tokens(long nowNanos) {
        synchronized (lock) {
            refill(nowNanos);
            return tokens;
        }
    }

    private void refill(long nowNanos) {
        // Threads bring their own clock readings, so one may be older than the last: no time has passed for it.
        long elapsedNanos = Math.max(0, nowNanos - refilledAtNanos);
        refilledAtNanos += elapsedNanos;
        tokens = Math.min(config.capacity(), tokens + elapsedNanos * config.refillPerSecond() / 1e9);
    }
}
