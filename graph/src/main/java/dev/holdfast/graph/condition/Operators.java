// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import dev.holdfast.graph.condition.Values.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The signs between values, and access by index. */
final class Operators {
    private Operators() {}

    static Object unary(String sign, @Nullable Object operand) {
        if (sign.equals("not")) {
            return !Values.truth(operand);
        }
        if (operand == null || !Numbers.isNumber(operand) || sign.equals("~") && !Numbers.isWhole(operand)) {
            throw Trouble.type("`" + sign + "` needs a number, not " + Values.typeName(operand));
        }
        return switch (sign) {
            case "-" -> Numbers.negate(operand);
            case "+" -> operand instanceof Double ? operand : Numbers.whole(operand);
            default -> Numbers.whole(operand).not();
        };
    }

    static Object binary(String sign, @Nullable Object left, @Nullable Object right, Run run) {
        if (left != null && right != null) {
            if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
                boolean bits = "<<>>&|^".contains(sign);
                if (!bits || Numbers.isWhole(left) && Numbers.isWhole(right)) {
                    return bits ? Numbers.bits(sign, left, right) : Numbers.compute(sign, left, right);
                }
            } else if (sign.equals("+")) {
                Object joined = join(left, right, run);
                if (joined != null) {
                    return joined;
                }
            } else if (sign.equals("*")) {
                Object repeated = Numbers.isWhole(right)
                        ? repeat(left, Numbers.whole(right), run)
                        : Numbers.isWhole(left) ? repeat(right, Numbers.whole(left), run) : null;
                if (repeated != null) {
                    return repeated;
                }
            } else if (left instanceof Distinct a && right instanceof Distinct b) {
                Object set = sets(sign, a, b, run);
                if (set != null) {
                    return set;
                }
            }
        }
        throw Trouble.type("`" + sign + "` cannot join " + Values.typeName(left) + " and " + Values.typeName(right));
    }

    private static @Nullable Object join(Object left, Object right, Run run) {
        if (left instanceof String a && right instanceof String b) {
            Run.checkSize((long) a.length() + b.length());
            run.spend(a.length() + b.length());
            return a + b;
        }
        boolean lists = left instanceof List && right instanceof List;
        if (!lists && !(left instanceof Tuple && right instanceof Tuple)) {
            return null;
        }
        List<@Nullable Object> joined = new ArrayList<>(Values.iterate(left, run));
        joined.addAll(Values.iterate(right, run));
        Run.checkSize(joined.size());
        return lists ? joined : new Tuple(joined);
    }

    private static @Nullable Object repeat(Object value, BigInteger times, Run run) {
        int length = value instanceof String text ? text.length() : sequenceLength(value);
        if (length < 0) {
            return null;
        }
        if (times.signum() <= 0 || length == 0) {
            return value instanceof String ? "" : value instanceof Tuple ? new Tuple(List.of()) : new ArrayList<>();
        }
        Run.checkSize(times.bitLength() > 31 ? Long.MAX_VALUE : (long) length * times.intValue());
        run.spend(length * times.intValue());
        if (value instanceof String text) {
            return text.repeat(times.intValue());
        }
        List<@Nullable Object> items = Values.iterate(value, run);
        List<@Nullable Object> repeated = new ArrayList<>();
        for (int i = 0; i < times.intValue(); i++) {
            repeated.addAll(items);
        }
        return value instanceof Tuple ? new Tuple(repeated) : repeated;
    }

    private static int sequenceLength(Object value) {
        return value instanceof List<?> list
                ? list.size()
                : value instanceof Tuple tuple ? tuple.items().size() : -1;
    }

    private static @Nullable Object sets(String sign, Distinct left, Distinct right, Run run) {
        run.spend(left.size() + right.size());
        return switch (sign) {
            case "&" -> left.and(right);
            case "|" -> left.or(right);
            case "-" -> left.minus(right);
            case "^" -> left.minus(right).or(right.minus(left));
            default -> null;
        };
    }

    static @Nullable Object index(@Nullable Object container, @Nullable Object index, Run run) {
        if (container instanceof Map<?, ?> map) {
            Key.of(index);
            if (index instanceof String && map.containsKey(index)) {
                return Values.inside(map.get(index));
            }
            throw missing(index);
        }
        if (container instanceof Dict dict) {
            if (!dict.has(index)) {
                throw missing(index);
            }
            return dict.get(index);
        }
        if (container instanceof String text) {
            return character(text, index, run);
        }
        if (container instanceof List || container instanceof Tuple) {
            List<@Nullable Object> items = Values.iterate(container, run);
            return Values.inside(items.get(place(index, items.size(), Values.typeName(container))));
        }
        throw Trouble.type(Values.typeName(container) + " has no elements to choose by index");
    }

    private static String character(String text, @Nullable Object index, Run run) {
        run.spend(text.length());
        int place = place(index, text.codePointCount(0, text.length()), "str");
        return Character.toString(text.codePointAt(text.offsetByCodePoints(0, place)));
    }

    private static int place(@Nullable Object index, int size, String type) {
        if (!Numbers.isWhole(index)) {
            throw Trouble.type("an index of " + type + " is a whole number, not " + Values.typeName(index));
        }
        BigInteger whole = Numbers.whole(index);
        BigInteger place = whole.signum() < 0 ? whole.add(BigInteger.valueOf(size)) : whole;
        if (place.signum() < 0 || place.compareTo(BigInteger.valueOf(size)) >= 0) {
            throw new Trouble(Kind.LOOKUP, "the index is outside of the " + type, -1);
        }
        return place.intValue();
    }

    private static Trouble missing(@Nullable Object key) {
        String named = key instanceof String text && text.length() <= 100 ? Texts.quote(text) : "this key";
        return new Trouble(Kind.LOOKUP, "the object has no " + named, -1);
    }
}
