// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.Objects;

/**
 * What a run must respect.
 *
 * @param constraintType hard or soft, or free words
 * @param category time, cost, safety, scope, quality, or free words
 * @param check how to check it, in free words
 */
public record GoalConstraint(
        String id, String description, String constraintType, String category, String check, Origin origin) {

    public GoalConstraint {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(constraintType, "constraintType");
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(origin, "origin");
    }

    public static GoalConstraint hard(String id, String description) {
        return new GoalConstraint(id, description, "hard", "general", "", Origin.NONE);
    }

    public static GoalConstraint soft(String id, String description) {
        return new GoalConstraint(id, description, "soft", "general", "", Origin.NONE);
    }
}
