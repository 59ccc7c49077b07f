// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

/**
 * How often a target was put in front of its tier lately: a count that fades with {@link LatencyEstimate#DECAY_NANOS}.
 * Thread-safe.
 */
final class Choices {
    // guarded by this
    private double count;
    private long atNanos;

    synchronized void add(long nowNanos) {
        count = faded(nowNanos) + 1;
        atNanos = Math.max(atNanos, nowNanos);
    }

    synchronized double recent(long nowNanos) {
        return faded(nowNanos);
    }

    private double faded(long nowNanos) {
        return count * Math.exp(-(double) Math.max(0, nowNanos - atNanos) / LatencyEstimate.DECAY_NANOS);
    }
}
