// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import dev.holdfast.graph.condition.Values.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled expression. Each form evaluates itself; what is not needed is not evaluated. */
sealed interface Expr {

    @Nullable
    Object value(Run run);

    /** Where it stands in the text. */
    int position();

    /** Evaluates and places a problem that has no place yet. */
    default @Nullable Object eval(Run run) {
        run.spend(1);
        try {
            return value(run);
        } catch (Trouble trouble) {
            ConditionProblem problem = trouble.problem();
            if (problem.position() >= 0) {
                throw trouble;
            }
            throw new Trouble(problem.kind(), problem.message(), position());
        }
    }

    private static List<@Nullable Object> evalAll(List<Expr> parts, Run run) {
        List<@Nullable Object> values = new ArrayList<>(parts.size());
        parts.forEach(part -> values.add(part.eval(run)));
        return values;
    }

    record Literal(@Nullable Object literal, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            return literal;
        }
    }

    /** A key, or one of the words for true, false and nothing that Python does not have. */
    record Name(String name, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            if (run.scope().has(name)) {
                return Values.inside(run.scope().value(name));
            }
            return switch (name) {
                case "true" -> true;
                case "false" -> false;
                case "null" -> null;
                default ->
                    throw new Trouble(
                            Kind.NAME,
                            Functions.NAMES.contains(name)
                                    ? name + " is a function; call it"
                                    : "there is no " + Texts.quote(name) + " in output or memory",
                            position);
            };
        }
    }

    record And(List<Expr> parts, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            Object value = null;
            for (Expr part : parts) {
                value = part.eval(run);
                if (!Values.truth(value)) {
                    return value;
                }
            }
            return value;
        }
    }

    record Or(List<Expr> parts, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            Object value = null;
            for (Expr part : parts) {
                value = part.eval(run);
                if (Values.truth(value)) {
                    return value;
                }
            }
            return value;
        }
    }

    record Unary(String sign, Expr operand, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            return Operators.unary(sign, operand.eval(run));
        }
    }

    record Binary(String sign, Expr left, Expr right, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            return Operators.binary(sign, left.eval(run), right.eval(run), run);
        }
    }

    /** A chain such as {@code 0 <= x < 10}: each middle operand is evaluated once. */
    record Compare(Expr first, List<String> signs, List<Expr> others, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            Object left = first.eval(run);
            for (int i = 0; i < signs.size(); i++) {
                Object right = others.get(i).eval(run);
                if (!Comparing.holds(signs.get(i), left, right, run)) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }

    record IfElse(Expr test, Expr then, Expr otherwise, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            return Values.truth(test.eval(run)) ? then.eval(run) : otherwise.eval(run);
        }
    }

    record Index(Expr container, Expr index, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            return Operators.index(container.eval(run), index.eval(run), run);
        }
    }

    /** {@code a.b} is {@code a['b']} on objects. */
    record Attribute(Expr container, String name, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            Object object = container.eval(run);
            if (object instanceof Map || object instanceof Dict) {
                return Operators.index(object, name, run);
            }
            throw new Trouble(Kind.TYPE, Values.typeName(object) + " has no " + Texts.quote(name), position);
        }
    }

    record Call(String function, List<Expr> arguments, Map<String, Expr> named, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            return Functions.call(
                    function, new Arguments(function, evalAll(arguments, run), evalNamed(named, run)), run);
        }
    }

    record MethodCall(Expr owner, String method, List<Expr> arguments, Map<String, Expr> named, int position)
            implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            Object object = owner.eval(run);
            return Methods.call(
                    object, method, new Arguments(method, evalAll(arguments, run), evalNamed(named, run)), run);
        }
    }

    private static Map<String, @Nullable Object> evalNamed(Map<String, Expr> named, Run run) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        named.forEach((name, part) -> values.put(name, part.eval(run)));
        return values;
    }

    record ListDisplay(List<Expr> items, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            return evalAll(items, run);
        }
    }

    record TupleDisplay(List<Expr> items, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            return new Tuple(evalAll(items, run));
        }
    }

    record DictDisplay(List<Expr> keys, List<Expr> values, int position) implements Expr {
        @Override
        public @Nullable Object value(Run run) {
            Dict dict = new Dict();
            for (int i = 0; i < keys.size(); i++) {
                Object key = keys.get(i).eval(run);
                dict.put(key, values.get(i).eval(run));
            }
            return dict;
        }
    }
}
