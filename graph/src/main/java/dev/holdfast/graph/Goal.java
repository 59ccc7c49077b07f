// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a graph is for: prompts and deciding models are told it. Criteria and constraints are text for them and for
 * people; nothing here measures them.
 *
 * @param status draft, ready, active, completed, failed or suspended
 * @param context facts that prompts may use, as plain values
 * @param inputSchema JSON Schema of what a run is given; empty where none is stated
 * @param outputSchema JSON Schema of what a run gives; empty where none is stated
 * @param createdAt a timestamp in whatever form it was written
 */
public record Goal(
        String id,
        String name,
        String description,
        String status,
        List<SuccessCriterion> successCriteria,
        List<GoalConstraint> constraints,
        Map<String, @Nullable Object> context,
        List<String> requiredCapabilities,
        Map<String, @Nullable Object> inputSchema,
        Map<String, @Nullable Object> outputSchema,
        String version,
        @Nullable String parentVersion,
        @Nullable String evolutionReason,
        @Nullable String createdAt,
        @Nullable String updatedAt,
        Origin origin) {

    /** No goal stated: id, name and description are empty. */
    public static final Goal NONE = of("", "", "");

    public Goal {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(status, "status");
        successCriteria = List.copyOf(successCriteria);
        constraints = List.copyOf(constraints);
        context = Copies.values(context);
        requiredCapabilities = List.copyOf(requiredCapabilities);
        inputSchema = Copies.values(inputSchema);
        outputSchema = Copies.values(outputSchema);
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(origin, "origin");
    }

    public static Goal of(String id, String name, String description) {
        return builder(id, name, description).build();
    }

    public static GoalBuilder builder(String id, String name, String description) {
        return new GoalBuilder(id, name, description);
    }

    public GoalBuilder toBuilder() {
        return new GoalBuilder(this);
    }
}
