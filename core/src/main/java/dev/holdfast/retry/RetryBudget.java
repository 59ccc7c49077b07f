// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

/**
 * A token bucket that bounds the retries and hedges at one target: what a breaker cannot do for many small callers, whose
 * retries together keep a provider down. Thread-safe.
 *
 * <p>Contract: an attempt that is not the first of its call withdraws before it is scheduled; an attempt that then never
 * starts gives the same amount back; one that succeeds returns what it cost and a third of that, and a first attempt that
 * succeeds returns {@link #FIRST_SUCCESS}. A full bucket is the normal state and costs its callers one volatile read.
 *
 * <p>The third on top is the difference between a target that fails at random and one that fails because it is asked too
 * much: at the first, retries succeed and pay for others; at the second they do not, and soon there are none.
 *
 * <p>Source: token bucket of the AWS SDK standard retry mode, which returns the cost alone; M. Brooker, "Fixing retries with
 * token buckets and circuit breakers", 2022.
 */
public final class RetryBudget {
    /** Tokens that a successful first attempt returns. */
    public static final int FIRST_SUCCESS = 1;

    /** A success after a paid attempt returns this part of its cost on top, a third. */
    private static final int REWARD_PART = 3;

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

    /** An attempt that cost so much has succeeded, 0 for the first of a call. */
    public void success(int paid, long nowNanos) {
        deposit(paid == 0 ? FIRST_SUCCESS : paid + paid / REWARD_PART, nowNanos);
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
