// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target;

import dev.holdfast.target.internal.LatencyEstimate;
import dev.holdfast.time.Nanos;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long attempts of one kind took lately to their commit.
 *
 * @param p50 half were faster; null while fewer than 20 are known
 * @param p95 nineteen of twenty were faster; null while fewer than 20 are known
 * @param samples how many are known, at most 256
 */
public record LatencyInfo(@Nullable Duration p50, @Nullable Duration p95, int samples) {
    /** For engines only. */
    public static LatencyInfo of(LatencyEstimate estimate) {
        return new LatencyInfo(quantile(estimate, 0.5), quantile(estimate, 0.95), estimate.samples());
    }

    private static @Nullable Duration quantile(LatencyEstimate estimate, double q) {
        long nanos = estimate.quantileNanos(q);
        return nanos == Nanos.NEVER ? null : Duration.ofNanos(nanos);
    }
}
