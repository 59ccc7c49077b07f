// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a goal counts as reached.
 *
 * @param metric how to measure it, in free words
 * @param target what to reach: any plain value
 * @param weight its share, from 0 to 1
 */
public record SuccessCriterion(
        String id,
        String description,
        String metric,
        @Nullable Object target,
        double weight,
        boolean met,
        Origin origin) {

    public SuccessCriterion {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(origin, "origin");
        if (!(weight >= 0 && weight <= 1)) {
            throw new IllegalArgumentException("weight of criterion " + id + " must be from 0 to 1, not " + weight);
        }
    }

    public static SuccessCriterion of(String id, String description) {
        return new SuccessCriterion(id, description, "", "", 1, false, Origin.NONE);
    }
}
