// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.Values.Tuple;
import dev.holdfast.graph.condition.Values.View;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods that conditions may call: four of objects, four of strings. */
final class Methods {
    static final Set<String> NAMES = Set.of("get", "keys", "values", "items", "lower", "upper", "strip", "split");

    private Methods() {}

    static @Nullable Object call(@Nullable Object owner, String method, Arguments arguments, Run run) {
        if (owner instanceof String text) {
            run.spend(text.length());
            switch (method) {
                case "lower":
                    arguments.expect(0, 0);
                    return text.toLowerCase(Locale.ROOT);
                case "upper":
                    arguments.expect(0, 0);
                    return text.toUpperCase(Locale.ROOT);
                case "strip":
                    return strip(text, arguments.expect(0, 1));
                case "split":
                    return split(text, arguments.expect(0, 2, "sep", "maxsplit"), run);
                default:
            }
        } else if (owner instanceof Map || owner instanceof Dict) {
            switch (method) {
                case "get":
                    return get(owner, arguments.expect(1, 2), run);
                case "keys":
                    arguments.expect(0, 0);
                    return new View("keys", Dict.of(owner, run).keys());
                case "values":
                    arguments.expect(0, 0);
                    return new View("values", values(Dict.of(owner, run)));
                case "items":
                    arguments.expect(0, 0);
                    return new View("items", pairs(Dict.of(owner, run)));
                default:
            }
        }
        throw Trouble.type(Values.typeName(owner) + " has no method " + method + "()");
    }

    private static @Nullable Object get(Object owner, Arguments arguments, Run run) {
        Object key = arguments.get(0);
        Object fallback = arguments.values().size() > 1 ? arguments.get(1) : null;
        Key.of(key);
        if (owner instanceof Map<?, ?> map) {
            return key instanceof String && map.containsKey(key) ? Values.inside(map.get(key)) : fallback;
        }
        Dict dict = Dict.of(owner, run);
        return dict.has(key) ? dict.get(key) : fallback;
    }

    private static List<@Nullable Object> values(Dict dict) {
        List<@Nullable Object> values = new ArrayList<>();
        dict.keys().forEach(key -> values.add(dict.get(key)));
        return values;
    }

    private static List<@Nullable Object> pairs(Dict dict) {
        List<@Nullable Object> pairs = new ArrayList<>();
        for (Object key : dict.keys()) {
            List<@Nullable Object> pair = new ArrayList<>();
            pair.add(key);
            pair.add(dict.get(key));
            pairs.add(new Tuple(pair));
        }
        return pairs;
    }

    private static String strip(String text, Arguments arguments) {
        Object given = arguments.values().isEmpty() ? null : arguments.get(0);
        if (given != null && !(given instanceof String)) {
            throw Trouble.type("strip() takes a str, not " + Values.typeName(given));
        }
        return given == null
                ? strip(text, Methods::isBlank)
                : strip(text, point -> ((String) given).indexOf(point) >= 0);
    }

    private static String strip(String text, IntPredicate unwanted) {
        int start = 0;
        int end = text.length();
        while (start < end && unwanted.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (start < end && unwanted.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    /** What Python counts as blank; it is not quite what Java does. */
    static boolean isBlank(int point) {
        return point >= 9 && point <= 13
                || point >= 28 && point <= 32
                || point == 0x85
                || point > 0x85
                        && (Character.getType(point) == Character.SPACE_SEPARATOR
                                || point == 0x2028
                                || point == 0x2029);
    }

    private static List<@Nullable Object> split(String text, Arguments arguments, Run run) {
        int most = Integer.MAX_VALUE;
        if (arguments.has(1, "maxsplit")) {
            BigInteger asked = Numbers.whole(arguments.get(1, "maxsplit"));
            most = asked.signum() < 0 || asked.bitLength() > 31 ? most : asked.intValue();
        }
        Object separator = arguments.has(0, "sep") ? arguments.get(0, "sep") : null;
        List<@Nullable Object> parts = new ArrayList<>();
        if (separator == null) {
            splitAtBlanks(text, most, parts);
        } else if (!(separator instanceof String sign)) {
            throw Trouble.type("split() takes a str, not " + Values.typeName(separator));
        } else if (sign.isEmpty()) {
            throw Trouble.value("split() needs a separator that is not empty");
        } else {
            splitAt(text, sign, most, parts);
        }
        run.spendOn(parts);
        return parts;
    }

    private static void splitAt(String text, String separator, int most, List<@Nullable Object> parts) {
        int start = 0;
        int found = text.indexOf(separator);
        while (found >= 0 && parts.size() < most) {
            parts.add(text.substring(start, found));
            start = found + separator.length();
            found = text.indexOf(separator, start);
        }
        parts.add(text.substring(start));
    }

    private static void splitAtBlanks(String text, int most, List<@Nullable Object> parts) {
        int at = 0;
        while (true) {
            while (at < text.length() && isBlank(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return;
            }
            if (parts.size() == most) {
                parts.add(text.substring(at));
                return;
            }
            int start = at;
            while (at < text.length() && !isBlank(text.charAt(at))) {
                at++;
            }
            parts.add(text.substring(start, at));
        }
    }
}
