// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.util.Objects;

/**
 * Why an expression cannot be compiled, or has no value for these names. Its message names keys and types, never values:
 * those may be answers of models or of people.
 *
 * @param message for people
 * @param position where in the text, in UTF-16 units from 0; -1 where it is no one place
 */
public record ConditionProblem(Kind kind, String message, int position) {
    /** What kind of problem. The first two are found when the expression is compiled, the others when it is evaluated. */
    public enum Kind {
        /** It is not an expression. */
        SYNTAX,
        /** It is one, but of a form or with a function that conditions may not use. */
        FORBIDDEN,
        /** No such name in output or memory. */
        NAME,
        /** An object has no such key, a list no such place. */
        LOOKUP,
        /** The operation does not exist for values of these types. */
        TYPE,
        /** The type is right and the value is not, such as {@code int('x')}. */
        VALUE,
        /** Division by zero, or a number too large for a float. */
        ARITHMETIC,
        /** More work, or a larger value, than a condition may need. */
        LIMIT
    }

    public ConditionProblem {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
    }
}
