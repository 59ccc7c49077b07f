// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

import dev.holdfast.time.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The wait that we choose before a retry. Immutable; a pure function of the retry's number and of chance.
 *
 * @param kind how waits grow
 * @param initial the first wait, not negative
 * @param multiplier the growth of {@link Kind#EXPONENTIAL}, at least 1; ignored by the other kinds
 * @param cap the longest wait; applied before jitter, so that waits stay spread at the cap too
 * @param jitter how a wait is spread; ignored by {@link Kind#DECORRELATED}, which is random by itself
 */
public record Backoff(Kind kind, Duration initial, double multiplier, Duration cap, Jitter jitter) {
    /** How waits grow from retry to retry. */
    public enum Kind {
        /** Always {@code initial}. */
        FIXED,
        /** {@code initial × multiplier^(n-1)}. */
        EXPONENTIAL,
        /**
         * Uniform from {@code initial} to three times the wait before. Source: M. Brooker, "Exponential Backoff And
         * Jitter", 2015.
         */
        DECORRELATED
    }

    public Backoff {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(jitter, "jitter");
        if (initial.isNegative()) {
            throw new IllegalArgumentException("backoff initial must not be negative: " + initial);
        }
        if (cap.isNegative()) {
            throw new IllegalArgumentException("backoff cap must not be negative: " + cap);
        }
        if (!(multiplier >= 1.0) || Double.isInfinite(multiplier)) {
            throw new IllegalArgumentException("backoff multiplier must be at least 1 and finite: " + multiplier);
        }
    }

    /** 1 s, doubled at each retry up to 60 s, full jitter. */
    public static Backoff defaults() {
        return exponential(Duration.ofSeconds(1), 2.0, Duration.ofSeconds(60));
    }

    /** Always the same wait, without jitter. */
    public static Backoff fixed(Duration wait) {
        return new Backoff(Kind.FIXED, wait, 1.0, wait, Jitter.NONE);
    }

    /** Exponential growth with full jitter. */
    public static Backoff exponential(Duration initial, double multiplier, Duration cap) {
        return new Backoff(Kind.EXPONENTIAL, initial, multiplier, cap, Jitter.FULL);
    }

    /** Decorrelated growth. */
    public static Backoff decorrelated(Duration initial, Duration cap) {
        return new Backoff(Kind.DECORRELATED, initial, 1.0, cap, Jitter.NONE);
    }

    public Backoff withJitter(Jitter newJitter) {
        return new Backoff(kind, initial, multiplier, cap, newJitter);
    }

    public Backoff withInitial(Duration newInitial) {
        return new Backoff(kind, newInitial, multiplier, cap, jitter);
    }

    public Backoff withMultiplier(double newMultiplier) {
        return new Backoff(kind, initial, newMultiplier, cap, jitter);
    }

    public Backoff withCap(Duration newCap) {
        return new Backoff(kind, initial, multiplier, newCap, jitter);
    }

    /**
     * The wait before a retry.
     *
     * @param retry 1 for the first retry
     * @return nanoseconds, from 0 to {@link #cap()}
     */
    public long nanos(int retry, RandomGenerator random) {
        if (retry < 1) {
            throw new IllegalArgumentException("retries are counted from 1: " + retry);
        }
        long capNanos = Nanos.of(cap);
        long initialNanos = Math.min(capNanos, Nanos.of(initial));
        return switch (kind) {
            case FIXED -> jitter.spread(initialNanos, random);
            // A double that exceeds the range of long becomes Long.MAX_VALUE, so the cap holds for any retry.
            case EXPONENTIAL ->
                jitter.spread(Math.min(capNanos, (long) (initialNanos * Math.pow(multiplier, retry - 1.0))), random);
            case DECORRELATED -> decorrelatedNanos(retry, initialNanos, capNanos, random);
        };
    }

    private static long decorrelatedNanos(int retry, long initialNanos, long capNanos, RandomGenerator random) {
        long waitNanos = initialNanos;
        for (int i = 0; i < retry; i++) {
            long high = waitNanos > capNanos / 3 ? capNanos : waitNanos * 3;
            waitNanos = Math.min(capNanos, Jitter.uniform(initialNanos, high, random));
        }
        return waitNanos;
    }
}
