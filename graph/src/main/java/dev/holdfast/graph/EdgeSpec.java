// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.condition.Condition;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A way from one node to another. Immutable.
 *
 * @param condition when it may be followed
 * @param expression the compiled expression of a conditional edge; null where none is stated. A malformed expression is
 *     kept: it says so itself and never holds
 * @param inputMapping key of the target from key of the source's output or of the memory; empty passes the output on
 * @param priority higher is asked first; equal priorities keep the order of declaration
 * @param description told to a deciding model
 */
public record EdgeSpec(
        String id,
        String source,
        String target,
        EdgeCondition condition,
        @Nullable Condition expression,
        Map<String, String> inputMapping,
        int priority,
        String description,
        Origin origin) {

    public EdgeSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(condition, "condition");
        inputMapping = Copies.map(inputMapping);
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(origin, "origin");
    }

    /** With the id {@code source_to_target}, priority 0, no mapping and no description. */
    public static EdgeSpec of(String source, String target, EdgeCondition condition) {
        return new EdgeSpec(source + "_to_" + target, source, target, condition, null, Map.of(), 0, "", Origin.NONE);
    }

    public static EdgeSpec always(String source, String target) {
        return of(source, target, EdgeCondition.ALWAYS);
    }

    public static EdgeSpec onSuccess(String source, String target) {
        return of(source, target, EdgeCondition.ON_SUCCESS);
    }

    public static EdgeSpec onFailure(String source, String target) {
        return of(source, target, EdgeCondition.ON_FAILURE);
    }

    /** Followed when the expression holds, such as {@code score > 0.7}. */
    public static EdgeSpec when(String source, String target, String expression) {
        return of(source, target, EdgeCondition.CONDITIONAL).withExpression(expression);
    }

    /** A model decides; the description tells it what the way is for. */
    public static EdgeSpec llmDecides(String source, String target, String description) {
        return of(source, target, EdgeCondition.LLM_DECIDE).withDescription(description);
    }

    /** The text of the expression; null where none is stated. */
    public @Nullable String conditionExpr() {
        return expression == null ? null : expression.text();
    }

    public EdgeSpec withId(String value) {
        return new EdgeSpec(value, source, target, condition, expression, inputMapping, priority, description, origin);
    }

    public EdgeSpec withExpression(String text) {
        return new EdgeSpec(
                id, source, target, condition, Condition.of(text), inputMapping, priority, description, origin);
    }

    public EdgeSpec withInputMapping(Map<String, String> mapping) {
        return new EdgeSpec(id, source, target, condition, expression, mapping, priority, description, origin);
    }

    public EdgeSpec withPriority(int value) {
        return new EdgeSpec(id, source, target, condition, expression, inputMapping, value, description, origin);
    }

    public EdgeSpec withDescription(String text) {
        return new EdgeSpec(id, source, target, condition, expression, inputMapping, priority, text, origin);
    }
}
