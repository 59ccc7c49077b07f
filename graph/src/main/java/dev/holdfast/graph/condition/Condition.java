// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An expression on an edge, compiled once: Python's syntax and meaning, cut down to what choosing a way needs. There are
 * no loops and no effects, and its cost is bounded: text of 10,000 characters, nesting of 100, 2,000,000 parts, elements
 * and characters looked at, strings and lists of 100,000, whole numbers of 4,096 bits.
 *
 * <p>Nothing here throws: what is wrong with the text is a {@link #problem()}, what is wrong with the values of one
 * evaluation is a {@link ConditionResult#problem()}, and both make the edge one that is not followed. Immutable and
 * thread-safe; two of the same text are equal.
 */
public final class Condition {
    private final String text;
    private final @Nullable Expr expression;
    private final @Nullable ConditionProblem problem;
    private final Set<String> names;

    private Condition(String text, @Nullable Expr expression, @Nullable ConditionProblem problem, Set<String> names) {
        this.text = text;
        this.expression = expression;
        this.problem = problem;
        this.names = names;
    }

    /** Never throws: a malformed expression says so when it is asked. */
    public static Condition of(String text) {
        Objects.requireNonNull(text, "text");
        try {
            Parser parser = new Parser(text);
            Expr expression = parser.whole();
            return new Condition(text, expression, null, Collections.unmodifiableSet(parser.names()));
        } catch (Trouble trouble) {
            return new Condition(text, null, trouble.problem(), Set.of());
        }
    }

    /** The expression as it was written. */
    public String text() {
        return text;
    }

    /** Why the text is no expression, or one that conditions may not use; null where it is fine. */
    public @Nullable ConditionProblem problem() {
        return problem;
    }

    /** The names that the expression may ask for; empty for a malformed one. */
    public Set<String> names() {
        return names;
    }

    /** Evaluates for these names. Never throws, whatever the values are. */
    public ConditionResult evaluate(Scope scope) {
        if (expression == null) {
            return new ConditionResult(false, problem);
        }
        try {
            return new ConditionResult(Values.truth(expression.eval(new Run(scope))), null);
        } catch (Trouble trouble) {
            return new ConditionResult(false, trouble.problem());
        } catch (RuntimeException e) {
            // a map or list of the caller's that cannot be read; what it says may hold values
            return new ConditionResult(
                    false, new ConditionProblem(ConditionProblem.Kind.TYPE, "a value cannot be read", -1));
        }
    }

    /** The value itself, for tests. */
    @Nullable
    Object value(Run run) {
        if (expression == null) {
            throw new IllegalStateException("malformed: " + problem);
        }
        return expression.eval(run);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Condition that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
