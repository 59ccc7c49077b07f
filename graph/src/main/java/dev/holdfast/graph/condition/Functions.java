// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.Values.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The functions that conditions may call. */
final class Functions {
    static final Set<String> NAMES = Set.of(
            "len", "int", "float", "str", "bool", "list", "dict", "tuple", "set", "min", "max", "sum", "abs", "round",
            "all", "any");
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9](?:_?[0-9])*+");
    private static final Pattern REAL = Pattern.compile(
            "[+-]?(?:[0-9](?:_?[0-9])*+(?:\\.(?:[0-9](?:_?[0-9])*+)?)?|\\.[0-9](?:_?[0-9])*+)(?:[eE][+-]?[0-9](?:_?[0-9])*+)?");
    private static final Pattern SPECIAL = Pattern.compile("([+-]?)(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);

    private Functions() {}

    static @Nullable Object call(String name, Arguments arguments, Run run) {
        return switch (name) {
            case "len" -> BigInteger.valueOf(length(arguments.expect(1, 1).get(0), run));
            case "int" -> toWhole(arguments.expect(0, 2, "base"), run);
            case "float" -> toReal(arguments.expect(0, 1), run);
            case "str" -> arguments.expect(0, 1).values().isEmpty() ? "" : Texts.str(arguments.get(0), run);
            case "bool" -> !arguments.expect(0, 1).values().isEmpty() && Values.truth(arguments.get(0));
            case "list" -> elements(arguments.expect(0, 1), run);
            case "tuple" -> new Tuple(elements(arguments.expect(0, 1), run));
            case "set" -> Distinct.of(elements(arguments.expect(0, 1), run));
            case "dict" -> toDict(arguments, run);
            case "min" -> extreme("<", arguments, run);
            case "max" -> extreme(">", arguments, run);
            case "sum" -> sum(arguments.expect(1, 2, "start"), run);
            case "abs" -> absolute(arguments.expect(1, 1).get(0));
            case "round" -> round(arguments.expect(1, 2, "ndigits"));
            case "all" -> all(arguments.expect(1, 1).get(0), run);
            default -> any(arguments.expect(1, 1).get(0), run);
        };
    }

    private static int length(@Nullable Object value, Run run) {
        if (value instanceof String text) {
            run.spend(text.length());
            return text.codePointCount(0, text.length());
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        List<@Nullable Object> items = Values.itemsOrNull(value);
        if (items == null) {
            throw Trouble.type(Values.typeName(value) + " has no length");
        }
        return items.size();
    }

    private static List<@Nullable Object> elements(Arguments arguments, Run run) {
        List<@Nullable Object> elements = new ArrayList<>();
        if (!arguments.values().isEmpty()) {
            Values.iterate(arguments.get(0), run).forEach(item -> elements.add(Values.inside(item)));
        }
        return elements;
    }

    private static BigInteger toWhole(Arguments arguments, Run run) {
        Object value = arguments.values().isEmpty() ? BigInteger.ZERO : arguments.get(0);
        if (arguments.has(1, "base")) {
            if (!(value instanceof String text) || arguments.values().isEmpty()) {
                throw Trouble.type("int() takes a base for a str only");
            }
            return BasedText.whole(stripped(text, run), Numbers.whole(arguments.get(1, "base")));
        }
        if (value instanceof Double real) {
            return Numbers.wholeOf(real);
        }
        if (!(value instanceof String text)) {
            return Numbers.whole(value);
        }
        String digits = stripped(text, run);
        if (digits.length() > Limits.INT_DIGITS) {
            throw Trouble.limit("a whole number has more than " + Limits.INT_DIGITS + " digits");
        }
        if (!WHOLE.matcher(digits).matches()) {
            throw Trouble.value("the text given to int() is not a whole number");
        }
        return new BigInteger(digits.replace("_", ""));
    }

    private static double toReal(Arguments arguments, Run run) {
        Object value = arguments.values().isEmpty() ? BigInteger.ZERO : arguments.get(0);
        if (!(value instanceof String text)) {
            if (!Numbers.isNumber(value)) {
                throw Trouble.type("float() takes a number or a str, not " + Values.typeName(value));
            }
            return Numbers.real(value);
        }
        String number = stripped(text, run);
        if (SPECIAL.matcher(number).matches()) {
            String word = number.toLowerCase(Locale.ROOT);
            return word.endsWith("nan")
                    ? Double.NaN
                    : word.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (number.length() > Limits.INT_DIGITS || !REAL.matcher(number).matches()) {
            throw Trouble.value("the text given to float() is not a number");
        }
        return Double.parseDouble(number.replace("_", ""));
    }

    private static String stripped(String text, Run run) {
        run.spend(text.length());
        int start = 0;
        int end = text.length();
        while (start < end && Methods.isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && Methods.isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static Dict toDict(Arguments arguments, Run run) {
        Dict dict = new Dict();
        if (arguments.values().size() > 1) {
            throw Trouble.type("dict() takes from 0 to 1 arguments, not "
                    + arguments.values().size());
        }
        if (!arguments.values().isEmpty()) {
            Object given = arguments.get(0);
            if (given instanceof Map || given instanceof Dict) {
                Dict from = Dict.of(given, run);
                from.keys().forEach(key -> dict.put(key, from.get(key)));
            } else {
                for (Object pair : Values.iterate(given, run)) {
                    List<@Nullable Object> two = Values.iterate(Values.inside(pair), run);
                    if (two.size() != 2) {
                        throw Trouble.value("dict() takes pairs");
                    }
                    dict.put(Values.inside(two.get(0)), Values.inside(two.get(1)));
                }
            }
        }
        arguments.named().forEach(dict::put);
        return dict;
    }

    private static @Nullable Object extreme(String sign, Arguments arguments, Run run) {
        boolean one = arguments.values().size() == 1;
        arguments.expect(1, Integer.MAX_VALUE, one ? new String[] {"default"} : new String[0]);
        List<@Nullable Object> items = one ? Values.iterate(arguments.get(0), run) : arguments.values();
        if (items.isEmpty()) {
            if (arguments.named().containsKey("default")) {
                return arguments.named().get("default");
            }
            throw Trouble.value(arguments.of() + "() of nothing");
        }
        Object best = Values.inside(items.get(0));
        for (int i = 1; i < items.size(); i++) {
            Object item = Values.inside(items.get(i));
            best = Comparing.holds(sign, item, best, run) ? item : best;
        }
        return best;
    }

    private static @Nullable Object sum(Arguments arguments, Run run) {
        Object total = arguments.has(1, "start") ? arguments.get(1, "start") : BigInteger.ZERO;
        if (total instanceof String) {
            throw Trouble.type("sum() cannot join strings");
        }
        for (Object item : Values.iterate(arguments.get(0), run)) {
            total = Operators.binary("+", total, Values.inside(item), run);
        }
        return total;
    }

    private static Object absolute(@Nullable Object value) {
        if (!Numbers.isNumber(value)) {
            throw Trouble.type("abs() takes a number, not " + Values.typeName(value));
        }
        return Numbers.absolute(value);
    }

    private static Object round(Arguments arguments) {
        if (!Numbers.isNumber(arguments.get(0))) {
            throw Trouble.type("round() takes a number, not " + Values.typeName(arguments.get(0)));
        }
        return Numbers.round(arguments.get(0), arguments.has(1, "ndigits") ? arguments.get(1, "ndigits") : null);
    }

    private static boolean all(@Nullable Object value, Run run) {
        for (Object item : Values.iterate(value, run)) {
            if (!Values.truth(Values.inside(item))) {
                return false;
            }
        }
        return true;
    }

    private static boolean any(@Nullable Object value, Run run) {
        for (Object item : Values.iterate(value, run)) {
            if (Values.truth(Values.inside(item))) {
                return true;
            }
        }
        return false;
    }
}
