// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.condition.Condition;
import dev.holdfast.graph.internal.Json;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads nodes, edges and further ways in, with the defaults of Hive's loader. */
final class PartReader {
    static final Set<String> NODE_KEYS = Set.of(
            "id",
            "name",
            "description",
            "node_type",
            "input_keys",
            "output_keys",
            "nullable_output_keys",
            "input_schema",
            "output_schema",
            "system_prompt",
            "tools",
            "model",
            "function",
            "routes",
            "max_retries",
            "retry_on",
            "max_node_visits",
            "output_model",
            "max_validation_retries",
            "client_facing",
            "success_criteria",
            "timeout",
            "join");
    static final Set<String> EDGE_KEYS =
            Set.of("id", "source", "target", "condition", "condition_expr", "priority", "input_mapping", "description");
    private static final Set<String> ENTRY_KEYS = Set.of(
            "id",
            "name",
            "entry_node",
            "trigger_type",
            "trigger_config",
            "isolation_level",
            "priority",
            "max_concurrent");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(?:\\.([0-9]{1,3}))?(ms|s|m|h)?");

    private PartReader() {}

    static NodeSpec node(Fields fields) {
        fields.reportUnknown(NODE_KEYS);
        String repaired = fields.has("node_id") ? fields.lenient().text("node_id", "") : "";
        String id =
                fields.has("id") || repaired.isEmpty() ? fields.required("id", "A node") : missingId(fields, repaired);
        String of = id.isEmpty() ? "A node" : "Node '" + id + "'";
        if (fields.has("output_model") && !fields.object().get("output_model").isNull()) {
            fields.report(
                    "wrong_type",
                    "\"output_model\" must be null: a class of Python cannot stand in JSON",
                    "output_model");
        }
        NodeSpecBuilder node = NodeSpec.builder(id, fields.text("node_type", NodeSpec.LLM_TOOL_USE))
                .name(fields.required("name", of))
                .description(fields.required("description", of))
                .inputs(array(fields, "input_keys"))
                .outputs(array(fields, "output_keys"))
                .nullableOutputs(array(fields, "nullable_output_keys"))
                .inputSchema(fields.schema("input_schema"))
                .outputSchema(fields.schema("output_schema"))
                .systemPrompt(fields.maybeText("system_prompt"))
                .tools(array(fields, "tools"))
                .model(fields.maybeText("model"))
                .function(fields.maybeText("function"))
                .routes(fields.textMap("routes"))
                .maxRetries(fields.whole("max_retries", 3))
                .retryOn(array(fields, "retry_on"))
                .maxNodeVisits(fields.whole("max_node_visits", 1))
                .maxValidationRetries(fields.whole("max_validation_retries", 2))
                .clientFacing(fields.flag("client_facing", false))
                .successCriteria(fields.lenient().maybeText("success_criteria"))
                .timeout(timeout(fields.lenient()))
                .join(fields.lenient().maybeText("join"));
        return node.origin(Origin.of(fields.object())).build();
    }

    private static String missingId(Fields fields, String repaired) {
        fields.report("missing_key", "A node has no \"id\"; rename \"node_id\"", "id");
        return repaired;
    }

    private static String[] array(Fields fields, String key) {
        return fields.texts(key).toArray(String[]::new);
    }

    /** {@code "90s"}, {@code "1h"}, {@code "250ms"} or a number of seconds; Hive does not look at it. */
    private static @Nullable Duration timeout(Fields fields) {
        JsonNode value = fields.object().get("timeout");
        if (value == null || value.isNull()) {
            return null;
        }
        Matcher time = TIME.matcher(value.isString() ? value.stringValue().strip() : Json.string(value));
        if (!value.isString() && !value.isNumber() || !time.matches()) {
            fields.report(
                    "wrong_type",
                    "\"timeout\" must be a time such as \"90s\", \"1h\" or a number of seconds",
                    "timeout");
            return null;
        }
        String unit = time.group(3) == null ? "s" : time.group(3);
        long perUnit =
                switch (unit) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    default -> 3_600_000;
                };
        String fraction = time.group(2) == null ? "000" : (time.group(2) + "00").substring(0, 3);
        return Duration.ofMillis(Long.parseLong(time.group(1)) * perUnit + Long.parseLong(fraction) * perUnit / 1_000);
    }

    static EdgeSpec edge(Fields fields, Findings findings) {
        fields.reportUnknown(EDGE_KEYS);
        if (!fields.has("id") && fields.has("edge_id")) {
            fields.report("missing_key", "An edge has no \"id\"; rename \"edge_id\"", "id");
        }
        String id = fields.has("id") || !fields.has("edge_id")
                ? fields.required("id", "An edge")
                : fields.lenient().text("edge_id", "");
        String of = id.isEmpty() ? "An edge" : "Edge '" + id + "'";
        String expression = fields.maybeText("condition_expr");
        return new EdgeSpec(
                id,
                fields.required("source", of),
                fields.required("target", of),
                condition(fields, of, findings),
                expression == null ? null : Condition.of(expression),
                fields.textMap("input_mapping"),
                fields.whole("priority", 0),
                fields.lenient().text("description", ""),
                Origin.of(fields.object()));
    }

    /** Absent or unknown is {@code on_success}: that is what Hive's loader makes of it. */
    private static EdgeCondition condition(Fields fields, String of, Findings findings) {
        JsonNode value = fields.object().get("condition");
        if (value == null) {
            return EdgeCondition.ON_SUCCESS;
        }
        if (value.isArray() || value.isObject()) {
            fields.report("wrong_type", "\"condition\" must be a string, not " + Fields.typeOf(value), "condition");
            return EdgeCondition.ON_SUCCESS;
        }
        EdgeCondition condition = value.isString() ? EdgeCondition.ofWord(value.stringValue()) : null;
        if (condition == null) {
            String word = value.isString() ? "'" + value.stringValue() + "'" : Json.string(value);
            findings.warning(
                    "unknown_condition",
                    of + " has the unknown condition " + word + "; it is taken for on_success",
                    fields.path("condition"));
            return EdgeCondition.ON_SUCCESS;
        }
        return condition;
    }

    static AsyncEntryPoint entryPoint(Fields fields) {
        fields.reportUnknown(ENTRY_KEYS);
        String id = fields.required("id", "An async entry point");
        return new AsyncEntryPoint(
                id,
                fields.text("name", id),
                fields.required("entry_node", "Async entry point '" + id + "'"),
                fields.text("trigger_type", "manual"),
                fields.values("trigger_config"),
                fields.text("isolation_level", "shared"),
                fields.whole("priority", 0),
                fields.whole("max_concurrent", 10),
                Origin.of(fields.object()));
    }
}
