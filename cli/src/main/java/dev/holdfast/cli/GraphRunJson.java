// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.EdgeCondition;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.run.GraphResult;
import dev.holdfast.graph.run.NodeAttempt;
import dev.holdfast.graph.run.Quality;
import dev.holdfast.graph.run.RunError;
import dev.holdfast.graph.run.StopReason;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code graph run} reads and prints. */
final class GraphRunJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private GraphRunJson() {}

    /** An object from the command line; empty where none was given. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Map.of();
        }
        try {
            if (MAPPER.readTree(text).isObject()) {
                return MAPPER.readValue(text, Map.class);
            }
        } catch (JacksonException e) {
            throw new UsageException("--input is not JSON: " + e.getOriginalMessage());
        }
        throw new UsageException("--input must be a JSON object such as '{\"topic\": \"tides\"}'");
    }

    static boolean asksModels(Graph graph) {
        return graph.nodes().stream()
                        .anyMatch(node -> List.of(NodeSpec.LLM_GENERATE, NodeSpec.LLM_TOOL_USE, NodeSpec.EVENT_LOOP)
                                        .contains(node.nodeType())
                                || (node.nodeType().equals(NodeSpec.ROUTER) && node.systemPrompt() != null))
                || graph.edges().stream().anyMatch(edge -> edge.condition() == EdgeCondition.LLM_DECIDE);
    }

    /** A definition that cannot be loaded cannot be run. */
    static GraphResult refused(String message) {
        return new GraphResult(
                "",
                StopReason.FAILED,
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                0,
                Usage.NONE,
                Quality.FAILED,
                List.of(),
                new RunError(null, Category.INVALID_REQUEST, message),
                Duration.ZERO);
    }

    static String output(GraphResult result) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(result.output());
    }

    static String of(GraphResult result) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("success", result.success());
        json.put("stop_reason", result.stopReason().word());
        json.put("run", result.run());
        json.set("output", MAPPER.valueToTree(result.output()));
        result.path().forEach(json.putArray("path")::add);
        ArrayNode attempts = json.putArray("attempts");
        result.attempts().forEach(attempt -> attempt(attempts.addObject(), attempt));
        json.put("quality", result.quality().word());
        json.putObject("tokens")
                .put("input", result.usage().inputTokens())
                .put("output", result.usage().outputTokens());
        RunError error = result.error();
        if (error == null) {
            json.putNull("error");
        } else {
            json.putObject("error")
                    .put("node", error.node())
                    .put("category", error.category().word())
                    .put("message", error.message());
        }
        json.put("steps", result.steps());
        json.put("elapsed_ms", result.elapsed().toMillis());
        result.pausedAt().forEach(json.putArray("paused_at")::add);
        return json.toString();
    }

    private static void attempt(ObjectNode json, NodeAttempt attempt) {
        Category category = attempt.category();
        json.put("node", attempt.node());
        json.put("visit", attempt.visit());
        json.put("attempt", attempt.attempt());
        json.put("outcome", attempt.outcome().word());
        json.put("category", category == null ? null : category.word());
        json.put("elapsed_ms", attempt.elapsed().toMillis());
        json.put("started_ms", attempt.started().toMillis());
        json.put("branch", attempt.branch());
    }
}
