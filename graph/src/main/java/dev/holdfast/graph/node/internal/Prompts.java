// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.graph.Goal;
import dev.holdfast.graph.GoalConstraint;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.SuccessCriterion;
import dev.holdfast.graph.internal.Json;
import dev.holdfast.graph.node.NodeContext;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The texts that nodes send to models. Nothing in them depends on the time, so that equal steps send equal prompts and
 * providers can cache them.
 */
final class Prompts {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private Prompts() {}

    /** Identity, the node's prompt, the goal. Placeholders of known keys are filled; all other braces stay. */
    static String system(NodeContext context, boolean fill) {
        StringBuilder text = new StringBuilder();
        append(text, context.graph().identityPrompt());
        String prompt = context.node().systemPrompt();
        append(text, prompt == null || !fill ? prompt : filled(prompt, context));
        append(text, goal(context.graph().goal()));
        return text.toString();
    }

    private static void append(StringBuilder text, @Nullable String part) {
        if (part != null && !part.isBlank()) {
            text.append(text.length() == 0 ? "" : "\n\n").append(part);
        }
    }

    private static String filled(String prompt, NodeContext context) {
        Matcher matcher = PLACEHOLDER.matcher(prompt);
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String key = matcher.group(1);
            Map<String, @Nullable Object> known =
                    context.inputs().containsKey(key) ? context.inputs() : context.memory();
            matcher.appendReplacement(
                    text, Matcher.quoteReplacement(known.containsKey(key) ? value(known.get(key)) : matcher.group()));
        }
        return matcher.appendTail(text).toString();
    }

    /** One line {@code key: value} per input that is not null. */
    static String inputs(NodeContext context) {
        StringBuilder text = new StringBuilder();
        context.inputs().forEach((key, value) -> {
            if (value != null) {
                text.append(text.length() == 0 ? "" : "\n")
                        .append(key)
                        .append(": ")
                        .append(value(value));
            }
        });
        return text.length() == 0 ? "Begin." : text.toString();
    }

    static String value(@Nullable Object value) {
        return value instanceof String text ? text : Json.string(Json.node(value));
    }

    private static String goal(Goal goal) {
        if (goal.name().isBlank() && goal.description().isBlank()) {
            return "";
        }
        StringBuilder text = new StringBuilder("# Goal: " + goal.name() + "\n" + goal.description());
        if (!goal.successCriteria().isEmpty()) {
            text.append("\n\n## Success Criteria:");
            for (SuccessCriterion criterion : goal.successCriteria()) {
                text.append("\n- ").append(criterion.description());
            }
        }
        if (!goal.constraints().isEmpty()) {
            text.append("\n\n## Constraints:");
            for (GoalConstraint constraint : goal.constraints()) {
                text.append("\n- ")
                        .append(constraint.constraintType().equals("hard") ? "[MUST] " : "[SHOULD] ")
                        .append(constraint.description());
            }
        }
        if (!goal.context().isEmpty()) {
            text.append("\n\n## Context:");
            goal.context()
                    .forEach((key, value) ->
                            text.append("\n- ").append(key).append(": ").append(value(value)));
        }
        return text.toString();
    }

    static String question(NodeSpec node) {
        String prompt = node.systemPrompt();
        String asked = prompt != null && !prompt.isBlank() ? prompt : node.description();
        return asked.isBlank() ? node.name() : asked;
    }
}
