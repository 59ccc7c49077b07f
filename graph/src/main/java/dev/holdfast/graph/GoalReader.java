// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.internal.Json;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the goal, with the defaults of Hive's loader. What that loader does not look at may be wrong without harm. */
final class GoalReader {
    private static final Set<String> GOAL_KEYS = Set.of(
            "id",
            "name",
            "description",
            "status",
            "success_criteria",
            "constraints",
            "context",
            "required_capabilities",
            "input_schema",
            "output_schema",
            "version",
            "parent_version",
            "evolution_reason",
            "created_at",
            "updated_at");
    private static final Set<String> CRITERION_KEYS = Set.of("id", "description", "metric", "target", "weight", "met");
    private static final Set<String> CONSTRAINT_KEYS =
            Set.of("id", "description", "constraint_type", "category", "check");

    private GoalReader() {}

    static Goal goal(Fields fields) {
        fields.reportUnknown(GOAL_KEYS);
        Fields loose = fields.lenient();
        GoalBuilder goal = Goal.builder(
                        fields.text("id", loose.text("goal_id", "")),
                        fields.text("name", ""),
                        fields.text("description", ""))
                .status(loose.text("status", "draft"))
                .context(loose.values("context"))
                .requiredCapabilities(loose.texts("required_capabilities").toArray(String[]::new))
                .inputSchema(loose.values("input_schema"))
                .outputSchema(loose.values("output_schema"))
                .version(loose.text("version", "1.0.0"))
                .history(loose.maybeText("parent_version"), loose.maybeText("evolution_reason"))
                .times(loose.maybeText("created_at"), loose.maybeText("updated_at"))
                .origin(Origin.of(fields.object()));
        fields.objects("success_criteria", "A success criterion").forEach(each -> goal.criterion(criterion(each)));
        fields.objects("constraints", "A constraint").forEach(each -> goal.constraint(constraint(each)));
        return goal.build();
    }

    static SuccessCriterion criterion(Fields fields) {
        fields.reportUnknown(CRITERION_KEYS);
        double weight = fields.real("weight", 1);
        if (!(weight >= 0 && weight <= 1)) {
            fields.report("out_of_range", "\"weight\" must be from 0 to 1", "weight");
            weight = weight > 1 ? 1 : 0;
        }
        JsonNode target = fields.object().get("target");
        return new SuccessCriterion(
                fields.required("id", "A success criterion"),
                fields.required("description", "A success criterion"),
                fields.text("metric", ""),
                target == null ? "" : Json.plain(target),
                weight,
                fields.lenient().flag("met", false),
                Origin.of(fields.object()));
    }

    static GoalConstraint constraint(Fields fields) {
        fields.reportUnknown(CONSTRAINT_KEYS);
        return new GoalConstraint(
                fields.required("id", "A constraint"),
                fields.required("description", "A constraint"),
                fields.text("constraint_type", "hard"),
                fields.text("category", "safety"),
                fields.text("check", ""),
                Origin.of(fields.object()));
    }
}
