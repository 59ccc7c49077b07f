// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import java.io.Serial;

/** Carries a problem out of the depth of an expression; it never leaves this package, and has no stack trace. */
final class Trouble extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient ConditionProblem problem;

    Trouble(Kind kind, String message, int position) {
        super(message, null, false, false);
        problem = new ConditionProblem(kind, message, position);
    }

    static Trouble type(String message) {
        return new Trouble(Kind.TYPE, message, -1);
    }

    static Trouble value(String message) {
        return new Trouble(Kind.VALUE, message, -1);
    }

    static Trouble arithmetic(String message) {
        return new Trouble(Kind.ARITHMETIC, message, -1);
    }

    static Trouble limit(String message) {
        return new Trouble(Kind.LIMIT, message, -1);
    }

    ConditionProblem problem() {
        return problem;
    }

    /** The same problem, placed where it was not. */
    ConditionProblem at(int position) {
        return problem.position() >= 0 ? problem : new ConditionProblem(problem.kind(), problem.message(), position);
    }
}
