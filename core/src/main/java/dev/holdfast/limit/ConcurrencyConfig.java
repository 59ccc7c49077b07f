// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

/**
 * Limits of attempts at one target beside the ramp. Immutable.
 *
 * @param fixed never more attempts at once than this; 0 (default) means no such limit
 * @param adaptive whether the limit falls when the target throttles and rises by one per round of commits; default false
 * @param decrease what throttling leaves of the adaptive limit; above 0, below 1, default 0.7
 */
public record ConcurrencyConfig(int fixed, boolean adaptive, double decrease) {
    public ConcurrencyConfig {
        if (fixed < 0) {
            throw new IllegalArgumentException("fixed limit must not be negative (0 means none): " + fixed);
        }
        if (!(decrease > 0 && decrease < 1)) {
            throw new IllegalArgumentException("decrease must be above 0 and below 1: " + decrease);
        }
    }

    public static ConcurrencyConfig defaults() {
        return new ConcurrencyConfig(0, false, 0.7);
    }

    public ConcurrencyConfig withFixed(int newFixed) {
        return new ConcurrencyConfig(newFixed, adaptive, decrease);
    }

    public ConcurrencyConfig withAdaptive(boolean newAdaptive) {
        return new ConcurrencyConfig(fixed, newAdaptive, decrease);
    }

    public ConcurrencyConfig withDecrease(double newDecrease) {
        return new ConcurrencyConfig(fixed, adaptive, newDecrease);
    }
}
