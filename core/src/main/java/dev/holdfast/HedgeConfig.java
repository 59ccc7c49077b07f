// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.time.Duration;

/**
 * When a second attempt is started beside one that is slow to commit. Off by default, because both may be billed. A hedge
 * goes to the next usable target in a domain that the call has not tried, else to the same target; it counts as an attempt,
 * is paid for from the budget of its target, and starts only if slot, pacer and a closed circuit are free at once. Probes,
 * calls with side effects and blocking calls are not hedged. Immutable.
 *
 * <p>Source: J. Dean and L. A. Barroso, "The Tail at Scale", 2013.
 *
 * @param enabled default false
 * @param quantile of the target's latency (first content of streams, total of plain calls) at which it fires, above 0 and
 *     below 1; default 0.95, which starts about one hedge for twenty calls. 0 means always {@code delay}.
 * @param delay after which it fires while fewer than 20 latencies of the target are known; default 10 s
 */
public record HedgeConfig(boolean enabled, double quantile, Duration delay) {
    public HedgeConfig {
        if (!(quantile >= 0 && quantile < 1)) {
            throw new IllegalArgumentException("hedge quantile must be at least 0 and below 1: " + quantile);
        }
        if (delay.isNegative() || delay.isZero()) {
            throw new IllegalArgumentException("hedge delay must be positive: " + delay);
        }
    }

    /** Off. */
    public static HedgeConfig defaults() {
        return new HedgeConfig(false, 0.95, Duration.ofSeconds(10));
    }

    /** On, at this quantile once it is known. */
    public static HedgeConfig atQuantile(double quantile) {
        return defaults().withEnabled(true).withQuantile(quantile);
    }

    /** On, always after this delay. */
    public static HedgeConfig after(Duration delay) {
        return new HedgeConfig(true, 0, delay);
    }

    public HedgeConfig withEnabled(boolean value) {
        return new HedgeConfig(value, quantile, delay);
    }

    public HedgeConfig withQuantile(double value) {
        return new HedgeConfig(enabled, value, delay);
    }

    public HedgeConfig withDelay(Duration value) {
        return new HedgeConfig(enabled, quantile, value);
    }
}
