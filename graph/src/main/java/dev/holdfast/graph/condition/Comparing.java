// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.Values.Tuple;
import dev.holdfast.graph.condition.Values.View;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Equality, order, identity and membership. Whole numbers and floats compare by their exact values. */
final class Comparing {
    private Comparing() {}

    static boolean holds(String sign, @Nullable Object left, @Nullable Object right, Run run) {
        return switch (sign) {
            case "==" -> same(left, right, run, 0);
            case "!=" -> !same(left, right, run, 0);
            case "is" -> identical(left, right);
            case "is not" -> !identical(left, right);
            case "in" -> contains(right, left, run);
            case "not in" -> !contains(right, left, run);
            default -> ordered(sign, left, right, run, 0);
        };
    }

    /** One object, or equal values of a type whose values cannot change. */
    private static boolean identical(@Nullable Object left, @Nullable Object right) {
        if (left == right) {
            return true;
        }
        return left != null
                && right != null
                && left.getClass() == right.getClass()
                && (left instanceof Boolean
                        || left instanceof BigInteger
                        || left instanceof Double
                        || left instanceof String)
                && left.equals(right);
    }

    static boolean same(@Nullable Object givenLeft, @Nullable Object givenRight, Run run, int depth) {
        Run.checkDepth(depth);
        run.spend(1);
        Object left = Values.inside(givenLeft);
        Object right = Values.inside(givenRight);
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.compare(left, right) == Numbers.EQUAL;
        }
        if (left == null || right == null) {
            return left == right;
        }
        if (left instanceof String a && right instanceof String b) {
            run.spend(Math.min(a.length(), b.length()));
            return a.equals(b);
        }
        if (isObject(left) && isObject(right)) {
            return sameObjects(Dict.of(left, run), Dict.of(right, run), run, depth);
        }
        if (left instanceof Distinct a && right instanceof Distinct b) {
            return sameSets(a, b, run);
        }
        if (left instanceof View a && right instanceof View b) {
            return !a.kind().equals("values")
                    && !b.kind().equals("values")
                    && sameSets(Distinct.of(a.items()), Distinct.of(b.items()), run);
        }
        boolean lists = left instanceof List && right instanceof List;
        boolean tuples = left instanceof Tuple && right instanceof Tuple;
        return lists || tuples ? sameItems(left, right, run, depth) : left == right;
    }

    private static boolean isObject(Object value) {
        return value instanceof Map || value instanceof Dict;
    }

    private static boolean sameItems(Object left, Object right, Run run, int depth) {
        List<@Nullable Object> a = Values.iterate(left, run);
        List<@Nullable Object> b = Values.iterate(right, run);
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i), run, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameObjects(Dict left, Dict right, Run run, int depth) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Object key : left.keys()) {
            if (!right.has(key) || !same(left.get(key), right.get(key), run, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameSets(Distinct left, Distinct right, Run run) {
        run.spend(left.size());
        return left.size() == right.size() && left.hasAll(right);
    }

    private static boolean ordered(String sign, @Nullable Object left, @Nullable Object right, Run run, int depth) {
        Run.checkDepth(depth);
        run.spend(1);
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.ordered(sign, Numbers.compare(left, right));
        }
        if (left instanceof String a && right instanceof String b) {
            run.spend(Math.min(a.length(), b.length()));
            return Numbers.ordered(sign, byCodePoints(a, b));
        }
        if (left instanceof Distinct a && right instanceof Distinct b) {
            run.spend(a.size() + b.size());
            return switch (sign) {
                case "<" -> a.size() < b.size() && b.hasAll(a);
                case "<=" -> b.hasAll(a);
                case ">" -> b.size() < a.size() && a.hasAll(b);
                default -> a.hasAll(b);
            };
        }
        boolean lists = left instanceof List && right instanceof List;
        boolean tuples = left instanceof Tuple && right instanceof Tuple;
        if (!lists && !tuples) {
            throw Trouble.type(
                    "`" + sign + "` cannot compare " + Values.typeName(left) + " with " + Values.typeName(right));
        }
        return orderedItems(sign, Values.iterate(left, run), Values.iterate(right, run), run, depth);
    }

    /** The first elements that differ decide; of two that begin alike the shorter is less. */
    private static boolean orderedItems(
            String sign, List<@Nullable Object> left, List<@Nullable Object> right, Run run, int depth) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            Object a = Values.inside(left.get(i));
            Object b = Values.inside(right.get(i));
            if (!same(a, b, run, depth + 1)) {
                return ordered(sign, a, b, run, depth + 1);
            }
        }
        return Numbers.ordered(sign, Integer.compare(left.size(), right.size()));
    }

    private static int byCodePoints(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? a < b ? -1 : 1
                        : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static boolean contains(@Nullable Object container, @Nullable Object item, Run run) {
        if (container instanceof String text) {
            if (!(item instanceof String part)) {
                throw Trouble.type("only a str can be in a str, not " + Values.typeName(item));
            }
            run.spend(text.length());
            return text.contains(part);
        }
        if (container instanceof Map<?, ?> map) {
            Key.of(item);
            return item instanceof String && map.containsKey(item);
        }
        if (container instanceof Dict dict) {
            return dict.has(item);
        }
        if (container instanceof Distinct set) {
            return set.has(item);
        }
        if (Values.itemsOrNull(container) == null) {
            throw Trouble.type("nothing can be in " + Values.typeName(container));
        }
        for (Object element : Values.iterate(container, run)) {
            if (element == item || same(element, item, run, 1)) {
                return true;
            }
        }
        return false;
    }
}
