// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.time.Nanos;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of how long attempts of one kind take at one target: a cost for balancing and quantiles for hedges and
 * patience. Thread-safe.
 *
 * <p>Cost: peak EWMA. With {@code w = exp(-dt / DECAY)} for the time {@code dt} since the last sample,
 *
 * <pre>  peak = sample > peak ? sample : peak * w + sample * (1 - w)</pre>
 *
 * so that it rises at once and falls slowly. {@link #costNanos} reads {@code peak * w}: what has not been seen for long
 * becomes cheap, and is tried again. Source: Finagle's {@code PeakEwma} load metric.
 *
 * <p>Quantiles: {@link Survival} of the last {@value #KEPT} samples, censored ones included.
 *
 * <p>Price: samples are taken at a rate of at most one in {@value #GRAIN_NANOS} ns, and {@value #BURST} of them at once.
 * At the rates of model calls that is every one. Beyond it {@link #record} is one volatile read and one comparison, without
 * a compare-and-set and without allocation; it then leaves out whatever ends right after a sample, the loser of a hedge as
 * well, if winner and loser ran on the same target.
 */
public final class LatencyEstimate {
    /** Time constant of the cost: after a rest of this length it is read as 37 % of what it was. */
    public static final long DECAY_NANOS = 30_000_000_000L;

    /** Samples that quantiles are taken from. */
    public static final int KEPT = 256;

    /** Fewer samples than this say nothing about quantiles. */
    public static final int ENOUGH = 20;

    static final long GRAIN_NANOS = 1_000_000;
    static final int BURST = 16;

    private static final long BURST_NANOS = (BURST - 1) * GRAIN_NANOS;

    /** A target that fails is taken for one this slow at least; each further failure doubles it, up to the longest. */
    private static final long FAILED_NANOS = 1_000_000_000L;

    private static final long LONGEST_FAILED_NANOS = 60_000_000_000L;

    private final Object lock = new Object();

    /** Moment from which on samples need no burst; written under the lock. */
    private volatile long nextNanos;

    private volatile @Nullable Peak peak; // written under the lock
    private volatile int taken; // written under the lock
    private volatile @Nullable Survival survival;

    // guarded by lock; each sample is elapsed << 1, plus one for a censored one
    private long @Nullable [] ring;

    private record Peak(double nanos, long atNanos) {
        double decayed(long nowNanos) {
            return nanos * weight(nowNanos);
        }

        Peak seen(long sampleNanos, long nowNanos) {
            double w = weight(nowNanos);
            return new Peak(sampleNanos > nanos ? sampleNanos : nanos * w + sampleNanos * (1 - w), nowNanos);
        }

        private double weight(long nowNanos) {
            return Math.exp(-(double) Math.max(0, nowNanos - atNanos) / DECAY_NANOS);
        }
    }

    /** Whether a sample would be taken now. */
    public boolean due(long nowNanos) {
        return nextNanos - nowNanos <= BURST_NANOS;
    }

    /** An attempt took this long. */
    public void record(long elapsedNanos, long nowNanos) {
        if (due(nowNanos)) {
            take(elapsedNanos, false, nowNanos);
        }
    }

    /**
     * An attempt ran this long without coming to its end: the loser of a hedge, one that timed out. Leaving these out would
     * make the target look as fast as its fastest attempts.
     */
    public void recordCensored(long elapsedNanos, long nowNanos) {
        if (due(nowNanos)) {
            take(elapsedNanos, true, nowNanos);
        }
    }

    /**
     * An attempt failed, however fast: whoever sent it has to go elsewhere. Raises the cost and says nothing about
     * quantiles, so that a target that only ever fails does not pass for a fast one.
     */
    public void recordFailure(long nowNanos) {
        if (!due(nowNanos)) {
            return;
        }
        synchronized (lock) {
            Peak before = peak;
            double costNanos = before == null ? 0 : before.decayed(nowNanos);
            double worseNanos = Math.max(FAILED_NANOS, Math.min(costNanos * 2, LONGEST_FAILED_NANOS));
            peak = new Peak(Math.max(worseNanos, costNanos), nowNanos);
        }
    }

    private void take(long elapsedNanos, boolean censored, long nowNanos) {
        long sampleNanos = Math.max(0, elapsedNanos);
        synchronized (lock) {
            if (nextNanos - nowNanos > BURST_NANOS) {
                return;
            }
            nextNanos = Math.max(nextNanos, nowNanos) + GRAIN_NANOS;
            if (ring == null) {
                ring = new long[KEPT];
            }
            ring[taken % KEPT] = sampleNanos << 1 | (censored ? 1 : 0);
            Peak before = peak;
            if (before == null) {
                peak = new Peak(sampleNanos, nowNanos);
            } else if (!censored || sampleNanos > before.nanos()) {
                // "at least this long" is no evidence that it has become faster
                peak = before.seen(sampleNanos, nowNanos);
            }
            taken = taken == Integer.MAX_VALUE ? KEPT : taken + 1; // both lead to slot 0
        }
    }

    /** Whether anything is known of the cost. */
    public boolean known() {
        return peak != null;
    }

    /** The cost as last recorded, 0 when nothing is known. */
    public double peakNanos() {
        Peak current = peak;
        return current == null ? 0 : current.nanos();
    }

    /** The cost, less with each moment without a sample; 0 when nothing is known. */
    public double costNanos(long nowNanos) {
        Peak current = peak;
        return current == null ? 0 : current.decayed(nowNanos);
    }

    /**
     * The time within which this part of the attempts comes to its end.
     *
     * @param q between 0 and 1
     * @return {@link Nanos#NEVER} when fewer than {@value #ENOUGH} samples are there, or when too many of them are censored
     *     to know
     */
    public long quantileNanos(double q) {
        int samples = taken;
        if (samples < ENOUGH) {
            return Nanos.NEVER;
        }
        Survival current = survival;
        if (current == null || current.version() != samples) {
            current = survive();
            survival = current;
        }
        return current.quantileNanos(q);
    }

    /**
     * The time that an attempt should be given, so that it rather comes to its end than not: the median. Where most were cut
     * before it could be known, twice what the longest of those was given, as TCP doubles its timeout for want of an answer
     * (RFC 6298, 5.5); 0 when fewer than {@value #ENOUGH} samples are there.
     */
    public long usefulNanos() {
        if (taken < ENOUGH) {
            return 0;
        }
        long medianNanos = quantileNanos(0.5);
        return medianNanos != Nanos.NEVER ? medianNanos : Nanos.add(longestNanos(), longestNanos());
    }

    private long longestNanos() {
        synchronized (lock) {
            long longest = 0;
            for (int i = 0; ring != null && i < samples(); i++) {
                longest = Math.max(longest, ring[i] >>> 1);
            }
            return longest;
        }
    }

    /** How many samples quantiles are taken from. */
    public int samples() {
        return Math.min(taken, KEPT);
    }

    private Survival survive() {
        synchronized (lock) {
            long[] samples = ring == null ? new long[0] : Arrays.copyOf(ring, Math.min(taken, KEPT));
            return Survival.of(samples, taken);
        }
    }
}
