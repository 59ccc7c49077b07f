// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Goal}. For one thread. */
public final class GoalBuilder {
    private final String id;
    private final String name;
    private final String description;
    private String status = "draft";
    private final List<SuccessCriterion> successCriteria = new ArrayList<>();
    private final List<GoalConstraint> constraints = new ArrayList<>();
    private Map<String, ? extends @Nullable Object> context = Map.of();
    private List<String> requiredCapabilities = List.of();
    private Map<String, ? extends @Nullable Object> inputSchema = Map.of();
    private Map<String, ? extends @Nullable Object> outputSchema = Map.of();
    private String version = "1.0.0";
    private @Nullable String parentVersion;
    private @Nullable String evolutionReason;
    private @Nullable String createdAt;
    private @Nullable String updatedAt;
    private Origin origin = Origin.NONE;

    GoalBuilder(String id, String name, String description) {
        this.id = Objects.requireNonNull(id, "id");
        this.name = Objects.requireNonNull(name, "name");
        this.description = Objects.requireNonNull(description, "description");
    }

    GoalBuilder(Goal from) {
        this(from.id(), from.name(), from.description());
        status = from.status();
        successCriteria.addAll(from.successCriteria());
        constraints.addAll(from.constraints());
        context = from.context();
        requiredCapabilities = from.requiredCapabilities();
        inputSchema = from.inputSchema();
        outputSchema = from.outputSchema();
        version = from.version();
        parentVersion = from.parentVersion();
        evolutionReason = from.evolutionReason();
        createdAt = from.createdAt();
        updatedAt = from.updatedAt();
        origin = from.origin();
    }

    /** Default: {@code draft}. */
    public GoalBuilder status(String value) {
        status = Objects.requireNonNull(value, "status");
        return this;
    }

    public GoalBuilder criterion(SuccessCriterion criterion) {
        successCriteria.add(criterion);
        return this;
    }

    public GoalBuilder constraint(GoalConstraint constraint) {
        constraints.add(constraint);
        return this;
    }

    public GoalBuilder context(Map<String, ? extends @Nullable Object> value) {
        context = value;
        return this;
    }

    public GoalBuilder requiredCapabilities(String... value) {
        requiredCapabilities = List.of(value);
        return this;
    }

    public GoalBuilder inputSchema(Map<String, ? extends @Nullable Object> value) {
        inputSchema = value;
        return this;
    }

    public GoalBuilder outputSchema(Map<String, ? extends @Nullable Object> value) {
        outputSchema = value;
        return this;
    }

    /** Default: {@code 1.0.0}. */
    public GoalBuilder version(String value) {
        version = Objects.requireNonNull(value, "version");
        return this;
    }

    GoalBuilder history(@Nullable String parent, @Nullable String reason) {
        parentVersion = parent;
        evolutionReason = reason;
        return this;
    }

    GoalBuilder times(@Nullable String created, @Nullable String updated) {
        createdAt = created;
        updatedAt = updated;
        return this;
    }

    GoalBuilder origin(Origin value) {
        origin = value;
        return this;
    }

    public Goal build() {
        return new Goal(
                id,
                name,
                description,
                status,
                successCriteria,
                constraints,
                Copies.values(context),
                requiredCapabilities,
                Copies.values(inputSchema),
                Copies.values(outputSchema),
                version,
                parentVersion,
                evolutionReason,
                createdAt,
                updatedAt,
                origin);
    }
}
