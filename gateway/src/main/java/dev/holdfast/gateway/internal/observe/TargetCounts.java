// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.failure.Category;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has come of the attempts on one target since the gateway started.
 *
 * @param attempts that have ended, in whatever way
 * @param failures those that failed, by category; categories that never happened are left out
 * @param firstContentP50 half of the last streams were faster; null before the first
 * @param firstContentP95 nineteen of twenty were faster; null before the first
 */
public record TargetCounts(
        long attempts,
        long succeeded,
        Map<Category, Long> failures,
        long inputTokens,
        long outputTokens,
        @Nullable Duration firstContentP50,
        @Nullable Duration firstContentP95) {
    static final TargetCounts NONE = new TargetCounts(0, 0, Map.of(), 0, 0, null, null);

    public TargetCounts {
        failures = Map.copyOf(failures);
    }

    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }
}
