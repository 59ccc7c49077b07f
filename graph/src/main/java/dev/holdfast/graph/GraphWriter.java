// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.internal.Json;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a definition. A part that was read is its own JSON object again, except for what was changed since: each field
 * is compared with what its object says. A part made in Java is written in full.
 */
final class GraphWriter {
    private GraphWriter() {}

    static ObjectNode write(Graph graph) {
        ObjectNode inner = graph(graph);
        if (graph.origin().isPresent() && !graph.file().isPresent()) {
            return inner;
        }
        ObjectNode file = graph.file().copy();
        put(file, "graph", inner);
        put(file, "goal", graph.goal().equals(Goal.NONE) ? Json.object() : goal(graph.goal()));
        return file;
    }

    /** What is absent from a file and empty stays absent. */
    private static void put(ObjectNode file, String key, ObjectNode value) {
        if (file.get(key) instanceof ObjectNode || !file.has(key) && !value.isEmpty()) {
            file.set(key, value);
        }
    }

    private static ObjectNode graph(Graph graph) {
        Part<Graph> part = new Part<>(graph, graph.origin(), GraphReader::graphOf);
        part.put("id", Graph::id);
        part.put("goal_id", Graph::goalId);
        part.put("version", Graph::version);
        part.put("entry_node", Graph::entryNode);
        part.put("entry_points", Graph::entryPoints);
        part.putAll("async_entry_points", graph.asyncEntryPoints(), GraphWriter::entryPoint, Graph::asyncEntryPoints);
        part.put("pause_nodes", Graph::pauseNodes);
        part.put("terminal_nodes", Graph::terminalNodes);
        part.putAll("nodes", graph.nodes(), GraphWriter::node, Graph::nodes);
        part.putAll("edges", graph.edges(), GraphWriter::edge, Graph::edges);
        part.put("memory_keys", Graph::memoryKeys);
        part.put("default_model", Graph::defaultModel);
        part.put("max_tokens", Graph::maxTokens);
        part.put("cleanup_llm_model", Graph::cleanupLlmModel);
        part.put("max_steps", Graph::maxSteps);
        part.put("max_retries_per_node", Graph::maxRetriesPerNode);
        part.put("loop_config", Graph::loopConfig);
        part.put("description", Graph::description);
        part.put("created_by", Graph::createdBy);
        part.put("conversation_mode", Graph::conversationMode);
        part.put("identity_prompt", Graph::identityPrompt);
        return part.object;
    }

    private static ObjectNode node(NodeSpec node) {
        Part<NodeSpec> part = new Part<>(node, node.origin(), GraphReader::nodeOf);
        part.put("id", NodeSpec::id);
        part.put("name", NodeSpec::name);
        part.put("description", NodeSpec::description);
        part.put("node_type", NodeSpec::nodeType);
        part.put("input_keys", NodeSpec::inputKeys);
        part.put("output_keys", NodeSpec::outputKeys);
        part.put("nullable_output_keys", NodeSpec::nullableOutputKeys);
        part.put("input_schema", NodeSpec::inputSchema);
        part.put("output_schema", NodeSpec::outputSchema);
        part.put("system_prompt", NodeSpec::systemPrompt);
        part.put("tools", NodeSpec::tools);
        part.put("model", NodeSpec::model);
        part.put("function", NodeSpec::function);
        part.put("routes", NodeSpec::routes);
        part.put("max_retries", NodeSpec::maxRetries);
        part.put("retry_on", NodeSpec::retryOn);
        part.put("max_node_visits", NodeSpec::maxNodeVisits);
        part.put("max_validation_retries", NodeSpec::maxValidationRetries);
        part.put("client_facing", NodeSpec::clientFacing);
        part.put("success_criteria", NodeSpec::successCriteria);
        part.putIfStated("timeout", each -> each.timeout() == null ? null : time(each.timeout()));
        part.putIfStated("join", NodeSpec::join);
        return part.object;
    }

    private static String time(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private static ObjectNode edge(EdgeSpec edge) {
        Part<EdgeSpec> part = new Part<>(edge, edge.origin(), GraphReader::edgeOf);
        part.put("id", EdgeSpec::id);
        part.put("source", EdgeSpec::source);
        part.put("target", EdgeSpec::target);
        part.put("condition", each -> each.condition().word());
        part.put("condition_expr", EdgeSpec::conditionExpr);
        part.put("priority", EdgeSpec::priority);
        part.put("input_mapping", EdgeSpec::inputMapping);
        part.put("description", EdgeSpec::description);
        return part.object;
    }

    private static ObjectNode entryPoint(AsyncEntryPoint entry) {
        Part<AsyncEntryPoint> part = new Part<>(entry, entry.origin(), GraphReader::entryPointOf);
        part.put("id", AsyncEntryPoint::id);
        part.put("name", AsyncEntryPoint::name);
        part.put("entry_node", AsyncEntryPoint::entryNode);
        part.put("trigger_type", AsyncEntryPoint::triggerType);
        part.put("trigger_config", AsyncEntryPoint::triggerConfig);
        part.put("isolation_level", AsyncEntryPoint::isolationLevel);
        part.put("priority", AsyncEntryPoint::priority);
        part.put("max_concurrent", AsyncEntryPoint::maxConcurrent);
        return part.object;
    }

    private static ObjectNode goal(Goal goal) {
        Part<Goal> part = new Part<>(goal, goal.origin(), GraphReader::goalOf);
        part.put("id", Goal::id);
        part.put("name", Goal::name);
        part.put("description", Goal::description);
        part.put("status", Goal::status);
        part.putAll("success_criteria", goal.successCriteria(), GraphWriter::criterion, Goal::successCriteria);
        part.putAll("constraints", goal.constraints(), GraphWriter::constraint, Goal::constraints);
        part.put("context", Goal::context);
        part.put("required_capabilities", Goal::requiredCapabilities);
        part.put("input_schema", Goal::inputSchema);
        part.put("output_schema", Goal::outputSchema);
        part.put("version", Goal::version);
        part.put("parent_version", Goal::parentVersion);
        part.put("evolution_reason", Goal::evolutionReason);
        part.putIfStated("created_at", Goal::createdAt);
        part.putIfStated("updated_at", Goal::updatedAt);
        return part.object;
    }

    private static ObjectNode criterion(SuccessCriterion criterion) {
        Part<SuccessCriterion> part = new Part<>(criterion, criterion.origin(), GraphReader::criterionOf);
        part.put("id", SuccessCriterion::id);
        part.put("description", SuccessCriterion::description);
        part.put("metric", SuccessCriterion::metric);
        part.put("target", SuccessCriterion::target);
        part.put("weight", SuccessCriterion::weight);
        part.put("met", SuccessCriterion::met);
        return part.object;
    }

    private static ObjectNode constraint(GoalConstraint constraint) {
        Part<GoalConstraint> part = new Part<>(constraint, constraint.origin(), GraphReader::constraintOf);
        part.put("id", GoalConstraint::id);
        part.put("description", GoalConstraint::description);
        part.put("constraint_type", GoalConstraint::constraintType);
        part.put("category", GoalConstraint::category);
        part.put("check", GoalConstraint::check);
        return part.object;
    }

    /** One object in the making, beside what its origin says by itself. */
    private static final class Part<T> {
        final ObjectNode object;
        private final T value;
        private final @Nullable T before;

        Part(T value, Origin origin, Function<ObjectNode, T> reader) {
            this.value = value;
            object = origin.copy();
            before = origin.isPresent() ? reader.apply(origin.copy()) : null;
        }

        void put(String key, Function<T, @Nullable Object> field) {
            Object now = field.apply(value);
            if (before == null || !Objects.equals(now, field.apply(before))) {
                object.set(key, Json.node(now));
            }
        }

        /** As {@link #put}, but null is not written into a new object. */
        void putIfStated(String key, Function<T, @Nullable Object> field) {
            if (before != null || field.apply(value) != null) {
                put(key, field);
            }
        }

        /** Parts keep their own objects, so a list is written whole once any part differs. */
        <P> void putAll(String key, List<P> parts, Function<P, ? extends JsonNode> writer, Function<T, List<P>> field) {
            if (before != null && parts.equals(field.apply(before))) {
                return;
            }
            ArrayNode array = Json.array();
            parts.forEach(part -> array.add(writer.apply(part)));
            object.set(key, array);
        }
    }
}
