// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.graph.Goal;
import dev.holdfast.graph.internal.JsonText;
import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.llm.LlmRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one of its routes: by a model where it has a prompt, else by the value of {@code route_on}. What fits no route
 * takes {@code default}; without that the run ends.
 */
final class RouterNode {
    private static final int MAX_TOKENS = 150;
    private static final String DEFAULT = "default";
    private static final String END = "end";

    private final NodeContext context;
    private final Map<String, String> routes;

    RouterNode(NodeContext context) {
        this.context = context;
        this.routes = context.node().routes();
    }

    CompletionStage<NodeResult> run() {
        String prompt = context.node().systemPrompt();
        if (prompt != null && !prompt.isBlank()) {
            return context.llm().complete(request(prompt)).thenApply(response -> {
                Map<String, @Nullable Object> answer = JsonText.object(response.text());
                Object chosen = answer == null ? null : answer.get("chosen");
                return NodeResult.next(target(String.valueOf(chosen)));
            });
        }
        Object value = context.inputs().get("route_on");
        return CompletableFuture.completedFuture(
                NodeResult.next(byValue(value != null ? value : context.memory().get("route_on"))));
    }

    /** By its name, or by the node that it leads to. */
    private String target(String chosen) {
        String target = routes.get(chosen);
        if (target != null) {
            return target;
        }
        return routes.containsValue(chosen) ? chosen : otherwise();
    }

    private String byValue(@Nullable Object value) {
        for (Map.Entry<String, String> route : routes.entrySet()) {
            if (matches(route.getKey(), value)) {
                return route.getValue();
            }
        }
        return otherwise();
    }

    private static boolean matches(String condition, @Nullable Object value) {
        return switch (condition) {
            case DEFAULT -> false; // comes last, wherever it stands
            case "success" -> Boolean.TRUE.equals(value) || condition.equals(value);
            case "failure" -> Boolean.FALSE.equals(value) || condition.equals(value);
            default -> value instanceof String text && text.contains(condition);
        };
    }

    private String otherwise() {
        return routes.getOrDefault(DEFAULT, END);
    }

    private LlmRequest request(String prompt) {
        Goal goal = context.graph().goal();
        StringBuilder text = new StringBuilder();
        text.append("Goal: ")
                .append(goal.name())
                .append("\n\n")
                .append(Prompts.inputs(context))
                .append("\n\nRoutes:\n");
        routes.forEach((condition, target) -> text.append("- ")
                .append(condition)
                .append(" leads to ")
                .append(target)
                .append('\n'));
        text.append("\nChoose one route. Answer with this JSON object alone: ")
                .append("{\"chosen\": \"the route\", \"reasoning\": \"one sentence\"}");
        return LlmRequest.builder()
                .system(prompt)
                .user(text.toString())
                .maxTokens(MAX_TOKENS)
                .build();
    }
}
