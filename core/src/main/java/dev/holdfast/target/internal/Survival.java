// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.time.Nanos;
import java.util.Arrays;

/**
 * Which part of the attempts is still under way after which time. Immutable.
 *
 * <p>With {@code n} attempts still watched just before a time {@code t} at which {@code d} of them end, the part that outlasts
 * {@code t} is that which outlasted the time before, times {@code 1 - d / n}; a censored attempt is watched up to its own
 * time and then no longer. Source: E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", 1958.
 */
final class Survival {
    /** What rounding may add to a product of 256 factors, and more. */
    private static final double ROUNDING = 1e-9;

    private final int version;
    private final long[] timesNanos;
    private final double[] lasting;

    private Survival(int version, long[] timesNanos, double[] lasting) {
        this.version = version;
        this.timesNanos = timesNanos;
        this.lasting = lasting;
    }

    /**
     * From samples that are twice their time, plus one for a censored one: their order is that of time, and of equal times
     * the censored come last, as the estimator wants it.
     */
    static Survival of(long[] samples, int version) {
        long[] sorted = samples.clone();
        Arrays.sort(sorted);
        long[] times = new long[sorted.length];
        double[] lasting = new double[sorted.length];
        double part = 1;
        int size = 0;
        for (int i = 0; i < sorted.length; i++) {
            if ((sorted[i] & 1) == 0) {
                int watched = sorted.length - i;
                part *= (watched - 1) / (double) watched;
                times[size] = sorted[i] >>> 1;
                lasting[size++] = part;
            }
        }
        return new Survival(version, Arrays.copyOf(times, size), Arrays.copyOf(lasting, size));
    }

    int version() {
        return version;
    }

    /** The first time that at most {@code 1 - q} of the attempts outlast; {@link Nanos#NEVER} when none is known. */
    long quantileNanos(double q) {
        double rest = 1 - q + ROUNDING;
        int low = 0;
        int high = lasting.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lasting[middle] <= rest) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == lasting.length ? Nanos.NEVER : timesNanos[low];
    }
}
