// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.retry;

/**
 * The retry budget of a target. Immutable.
 *
 * <p>With the defaults and three attempts a call, retries are sustained up to about 31 % failures; above that they thin
 * out on purpose. Source of the constants: AWS SDK standard retry mode, 2026 revision.
 *
 * @param enabled whether retries need tokens at all; default true
 * @param capacity tokens of a full bucket, which is how it starts; default 500
 * @param cost tokens that a retry or hedge costs; default 14
 * @param throttledCost tokens that a retry costs after rate_limit or overloaded; default 5
 * @param refillPerSecond tokens that flow back by themselves; default 0.1
 */
public record BudgetConfig(boolean enabled, int capacity, int cost, int throttledCost, double refillPerSecond) {
    public BudgetConfig {
        if (capacity < 1) {
            throw new IllegalArgumentException("budget capacity must be at least 1: " + capacity);
        }
        if (cost < 0 || cost > capacity) {
            throw new IllegalArgumentException("budget cost must be from 0 to the capacity " + capacity + ": " + cost);
        }
        if (throttledCost < 0 || throttledCost > capacity) {
            throw new IllegalArgumentException(
                    "budget throttledCost must be from 0 to the capacity " + capacity + ": " + throttledCost);
        }
        if (!(refillPerSecond >= 0) || Double.isInfinite(refillPerSecond)) {
            throw new IllegalArgumentException(
                    "budget refillPerSecond must be finite and not negative: " + refillPerSecond);
        }
    }

    public static BudgetConfig defaults() {
        return new BudgetConfig(true, 500, 14, 5, 0.1);
    }

    public static BudgetConfig disabled() {
        return new BudgetConfig(false, 500, 14, 5, 0.1);
    }

    public BudgetConfig withCapacity(int newCapacity) {
        return new BudgetConfig(enabled, newCapacity, cost, throttledCost, refillPerSecond);
    }

    public BudgetConfig withCost(int newCost) {
        return new BudgetConfig(enabled, capacity, newCost, throttledCost, refillPerSecond);
    }

    public BudgetConfig withThrottledCost(int newThrottledCost) {
        return new BudgetConfig(enabled, capacity, cost, newThrottledCost, refillPerSecond);
    }

    public BudgetConfig withRefillPerSecond(double newRefillPerSecond) {
        return new BudgetConfig(enabled, capacity, cost, throttledCost, newRefillPerSecond);
    }
}
