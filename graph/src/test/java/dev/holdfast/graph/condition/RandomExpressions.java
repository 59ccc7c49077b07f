// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes expressions of the common subset of Python and conditions, most of them of types that fit, some not. Left out is
 * what differs on purpose or has no defined answer: dotted keys, {@code %} of strings, order inside sets, identity of
 * numbers, floats to broken powers.
 */
final class RandomExpressions {
    static final Map<String, Object> NAMES = names();

    private final SplittableRandom random;

    RandomExpressions(SplittableRandom random) {
        this.random = random;
    }

    private static Map<String, Object> names() {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("score", 87);
        names.put("confidence", 0.75);
        names.put("approved", true);
        names.put("flag", false);
        names.put("name", "Ada Löwe");
        names.put("empty", "");
        names.put("text", "  Yes \t no ");
        names.put("verdict", "PASS");
        names.put("faces", "a\ud83d\ude00b\uffee");
        names.put("quoted", "it's \"so\"\n\u0001");
        names.put("nothing", null);
        names.put("big", BigInteger.TWO.pow(70).add(BigInteger.ONE));
        names.put("neg", -7);
        names.put("half", -2.5);
        names.put("zero", 0);
        names.put("items", List.of(3, 1, 2));
        names.put("words", List.of("b", "a", "B"));
        names.put("mixed", Arrays.asList(1, "a", null, 2.5, true));
        names.put("pairs", List.of(List.of("x", 1), List.of("y", 2)));
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("b", List.of(1, Map.of("c", "x")));
        inner.put("k", null);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a", inner);
        object.put("n", 1.0);
        object.put("s", "yes");
        names.put("object", object);
        return names;
    }

    /** One whole expression, four levels deep at most. */
    String next() {
        return any(1 + random.nextInt(4));
    }

    private String any(int depth) {
        return switch (random.nextInt(7)) {
            case 0 -> number(depth);
            case 1 -> string(depth);
            case 2 -> list(depth);
            case 3 -> object(depth);
            default -> bool(depth);
        };
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Rarely something of another type, so that errors are compared too. */
    private boolean odd() {
        return random.nextInt(25) == 0;
    }

    private String bool(int depth) {
        if (depth <= 0) {
            return odd() ? any(0) : pick("True", "False", "approved", "flag", "nothing is None", "true");
        }
        int d = depth - 1;
        return switch (random.nextInt(14)) {
            case 0, 1 -> number(d) + pick(" < ", " <= ", " > ", " >= ", " == ", " != ") + number(d);
            case 2 -> string(d) + pick(" < ", " <= ", " > ", " >= ", " == ", " != ") + string(d);
            case 3 -> group(bool(d)) + pick(" and ", " or ") + group(bool(d));
            case 4 -> any(d) + pick(" and ", " or ") + any(d) + pick(" and ", " or ") + any(d);
            case 5 -> "not " + bool(d);
            case 6 -> group(any(d)) + pick(" in ", " not in ") + list(d);
            case 7 -> string(d) + pick(" in ", " not in ") + pick(string(d), "object", "set(words)", object(d));
            case 8 -> group(any(d)) + pick(" is ", " is not ") + pick("None", "True", "False");
            case 9 -> number(d) + pick(" < ", " <= ", " == ") + number(d) + pick(" < ", " >= ", " != ") + number(d);
            case 10 -> group(any(d)) + pick(" == ", " != ") + group(any(d));
            case 11 -> pick("any", "all", "bool") + "(" + list(d) + ")";
            case 12 -> list(d) + pick(" < ", " == ", " >= ") + list(d);
            default -> group(bool(d)) + " if " + group(bool(d)) + " else " + group(bool(d));
        };
    }

    private String number(int depth) {
        if (odd()) {
            return group(any(depth - 1));
        }
        if (depth <= 0) {
            return pick(
                    "0",
                    "1",
                    "2",
                    "3",
                    "7",
                    "80",
                    "1_000",
                    "0x1f",
                    "0.5",
                    "2.0",
                    "1e3",
                    ".25",
                    "score",
                    "confidence",
                    "neg",
                    "half",
                    "zero",
                    "big",
                    "object['n']",
                    "items[0]",
                    "-1",
                    "True",
                    "1e16",
                    "123456789.125");
        }
        int d = depth - 1;
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> group(number(d)) + pick(" + ", " - ", " * ", " / ", " // ", " % ") + group(number(d));
            case 3 -> pick("-", "+", "") + number(d);
            case 4 -> pick("int", "float", "abs", "round", "int") + "(" + pick(number(d), string(d)) + ")";
            case 5 -> "len(" + pick(list(d), string(d), object(d), "set(" + list(d) + ")") + ")";
            case 6 -> pick("min", "max") + "(" + number(d) + ", " + number(d) + ")";
            case 7 -> pick("min", "max", "sum") + "(" + list(d) + ")";
            case 8 -> "round(" + number(d) + ", " + pick("0", "1", "2", "-1", "None") + ")";
            case 9 ->
                group(number(d)) + pick(" & ", " | ", " ^ ", " << ", " >> ") + pick("1", "3", "zero", "neg", "flag");
            case 10 -> group(number(Math.min(d, 1))) + " ** " + pick("0", "1", "2", "3");
            default -> list(d) + "[" + pick("0", "1", "-1", "2", "9", "True") + "]";
        };
    }

    private String string(int depth) {
        if (odd()) {
            return group(any(depth - 1));
        }
        if (depth <= 0) {
            return pick(
                    "name",
                    "empty",
                    "text",
                    "verdict",
                    "faces",
                    "quoted",
                    "'yes'",
                    "\"PASS\"",
                    "''",
                    "'a' 'b'",
                    "r'\\n'",
                    "'\\x41\\n\\u00e9'",
                    "object['s']",
                    "words[1]",
                    "'10'",
                    "' 7 '",
                    "'1_0'",
                    "'2.50'",
                    "'x,y,,z'");
        }
        int d = depth - 1;
        return switch (random.nextInt(8)) {
            case 0, 1 -> "str(" + any(d) + ")";
            case 2 -> group(string(d)) + pick(".lower()", ".upper()", ".strip()", ".strip('ae ')");
            case 3 -> group(string(d)) + " + " + group(string(d));
            case 4 -> group(string(d)) + " * " + pick("0", "2", "3", "neg", "True");
            case 5 -> group(string(d)) + "[" + pick("0", "1", "-1", "9") + "]";
            case 6 ->
                group(string(d)) + ".split(" + pick("", "','", "' '", "None, 1", "sep=','", "'a', 1") + ")" + "["
                        + pick("0", "-1") + "]";
            default -> group(string(d)) + " if " + bool(d) + " else " + group(string(d));
        };
    }

    private String list(int depth) {
        if (odd()) {
            return group(any(depth - 1));
        }
        if (depth <= 0) {
            return pick(
                    "items",
                    "words",
                    "mixed",
                    "pairs",
                    "[]",
                    "()",
                    "('PASS', 'FAIL')",
                    "[1, 2.0, 3]",
                    "object['a']['b']");
        }
        int d = depth - 1;
        return switch (random.nextInt(8)) {
            case 0 -> "[" + any(d) + ", " + any(d) + "]";
            case 1 -> "(" + any(d) + ", " + any(d) + ", " + any(d) + ",)";
            case 2 -> group(list(d)) + " + " + group(list(d));
            case 3 -> group(list(d)) + " * " + pick("0", "1", "2");
            case 4 -> pick("list", "tuple") + "(" + pick(list(d), string(d), object(d)) + ")";
            case 5 -> group(string(d)) + ".split(" + pick("", "','") + ")";
            case 6 -> "list(" + group(object(d)) + pick(".keys()", ".values()", ".items()") + ")";
            default -> "[" + number(d) + ", " + number(d) + ", " + number(d) + "]";
        };
    }

    private String object(int depth) {
        if (odd()) {
            return group(any(depth - 1));
        }
        if (depth <= 0) {
            return pick(
                    "object", "object['a']", "{}", "{'a': 1, 'b': [2]}", "{1: 'x', True: 'y', 1.0: 'z'}", "dict(a=1)");
        }
        int d = depth - 1;
        return switch (random.nextInt(5)) {
            case 0 -> "{" + string(d) + ": " + any(d) + ", " + number(d) + ": " + any(d) + "}";
            case 1 -> "dict(" + pick("pairs", object(d), "[('a', " + any(d) + ")]", "x=" + any(d)) + ")";
            case 2 -> group(object(d)) + ".get(" + pick("'a'", "'zz'", "'zz', {}", "1") + ")";
            case 3 -> group(object(d)) + "[" + pick("'a'", "'b'", "'zz'", "1") + "]";
            default -> "{'k': " + any(d) + "}";
        };
    }

    private static String group(String expression) {
        return "(" + expression + ")";
    }

    /** Hand-picked: literals, precedence, chains, and mistakes of the kind that people make. */
    static List<String> handPicked() {
        return new ArrayList<>(List.of(
                "-2 ** 2",
                "2 ** -1",
                "2 ** 3 ** 2",
                "-7 // 2",
                "-7 % 3",
                "7 % -3",
                "7.5 // -2",
                "-7.5 % 2",
                "1 / 3",
                "2 ** 64 / 3",
                "10 ** 400 / 10 ** 399",
                "1 // 0",
                "1 / 0.0",
                "0 ** -1",
                "1 == 1.0 == True",
                "2 ** 53 + 1 == 2.0 ** 53",
                "2 ** 53 + 1 > 2.0 ** 53",
                "1 < 2 < 3 == 3",
                "3 > 2 > 2",
                "not 1 == 2",
                "not not 0",
                "1 if 0 else 2 if 0 else 3",
                "0 or 'z'",
                "'' and x_unknown",
                "1 or x_unknown",
                "x_unknown or 1",
                "nothing is not None and nothing > 3",
                "1, 2",
                "1,",
                "()",
                "(1)",
                "(1,)",
                "[1, 2,]",
                "{'a': 1,}",
                "{}",
                "[] == ()",
                "1 in {1: 2}",
                "1.0 in {1: 2}",
                "'a' in {'a': 1}.keys()",
                "('a', 1) in {'a': 1}.items()",
                "len({1: 2, True: 3})",
                "[] < [1] < [1, 0] < [2]",
                "'B' < 'a'",
                "'\\U0001F600' > '\\uffee'",
                "faces[1]",
                "len(faces)",
                "list(faces)",
                "'abc'[True]",
                "'abc'[-4]",
                "round(2.5)",
                "round(3.5)",
                "round(-2.5)",
                "round(2.675, 2)",
                "round(1e300, -300)",
                "round(25, -1)",
                "round(35, -1)",
                "round(-25, -1)",
                "round(12345.678, -2)",
                "round(0.5)",
                "round(-0.4)",
                "round(-0.4, 0)",
                "int(3.9)",
                "int(-3.9)",
                "int(' 12 ')",
                "int('1_2')",
                "int('')",
                "int('1__2')",
                "int('0x1f', 16)",
                "int('zz', 36)",
                "int('0b11', 0)",
                "int('012', 0)",
                "int('08')",
                "int('1.0')",
                "int(1e20)",
                "int(True)",
                "int()",
                "float()",
                "float('1e5')",
                "float(' -inf ')",
                "float('nan') == float('nan')",
                "float('.5')",
                "float('5.')",
                "float('1_0.0_1')",
                "float('_1')",
                "str()",
                "str(1.0)",
                "str(1e16)",
                "str(1e15)",
                "str(1e-4)",
                "str(1e-5)",
                "str(123456789012345680.0)",
                "str(0.1 + 0.2)",
                "str(-0.0)",
                "str(1e22)",
                "str(5e-324)",
                "str(1.7976931348623157e308)",
                "str(2.0 ** 70)",
                "1e308 * 10",
                "str([1, 'a', None, True, 1.5, (), (1,), {'k': \"it's\"}])",
                "str('a')",
                "str(mixed)",
                "str(object)",
                "str(quoted)",
                "'%s'",
                "'a' 'b' \"c\"",
                "'''a\nb'''",
                "\"\"\"it's\"\"\"",
                "'\\'' + \"\\\"\"",
                "'\\101'",
                "'\\q'",
                "r'\\''",
                "u'x'",
                "'a\\\nb'",
                "0xFF",
                "0o17",
                "0b101",
                "1_000_000",
                "1__0",
                "01",
                "00",
                "1e",
                "1.e3",
                ".5e-2",
                "1_0.5",
                "1if 1else 2",
                "0x",
                "5 5",
                "1 +",
                "(1",
                "1)",
                "[1",
                "a b",
                "",
                "   ",
                "1\n",
                "1 # comment",
                "(1 +\n 2)",
                "1 +\n2",
                "1 \\\n + 2",
                "= 1",
                "score = 1",
                "score == == 1",
                "and 1",
                "1 and",
                "not",
                "1 not 2",
                "1 is",
                "lambda: 1",
                "sum([1, 2], 10)",
                "sum([[1], [2]], [])",
                "sum(['a'])",
                "sum([0.1] * 10)",
                "min()",
                "min([])",
                "min([], default=3)",
                "max(1, 2, default=3)",
                "max('abc')",
                "max([1, 'a'])",
                "min([2, 1.0, 1])",
                "max(1, True)",
                "any([])",
                "all([])",
                "abs(-0.0)",
                "abs('x')",
                "len(5)",
                "bool('')",
                "bool([0])",
                "list()",
                "list(5)",
                "tuple('ab')",
                "dict([(1, 2)], a=3)",
                "dict([1])",
                "dict(['ab'])",
                "set([1, 1.0, True]) == set([1])",
                "len(set('hello'))",
                "set([1]) < set([1, 2])",
                "set([1, 2]) & set([2]) == set([2])",
                "set([[1]])",
                "[] in set()",
                "{[1]: 2}",
                "{(1, 2): 3}[1, 2]",
                "' a  b '.split()",
                "' a  b '.split(' ')",
                "'a,b,c'.split(',', 1)",
                "' a  b  c '.split(None, 1)",
                "'a'.split('')",
                "''.split()",
                "''.split(',')",
                "'abc'.strip('ac')",
                "'\\x1c a\\u2003'.strip()",
                "'ß'.upper()",
                "'ΑΣ'.lower()",
                "'İ'.lower()",
                "'a'.upper().lower()",
                "5 .lower()",
                "nothing.lower()",
                "'x'.get('a')",
                "object.get('a').get('b')[0]",
                "object.get()",
                "object.get('q', 1)",
                "object['q']",
                "items[3]",
                "items[-3]",
                "items['0']",
                "items[1.0]",
                "~5",
                "~True",
                "~1.0",
                "+True",
                "-True",
                "True + True",
                "True & False",
                "True & 1",
                "6 ^ 3",
                "1 << 70",
                "-1 >> 100",
                "1 << -1",
                "1.0 << 1",
                "'a' * 3",
                "3 * 'a'",
                "'a' * -1",
                "'a' * 1.0",
                "[1] * 2 + [3]",
                "(1,) + (2,)",
                "[1] + (2,)",
                "'a' + 1",
                "1 + None",
                "None < 1",
                "[1] < ['a']",
                "(1, 'a') < (2, 3)",
                "None == None",
                "None is None",
                "1 in 'a'",
                "'' in ''",
                "1 in 5",
                "'a' not in ['b']",
                "10**18 + 0.5",
                "big + 1",
                "big * big",
                "big / 3",
                "big % 1000",
                "-big // 7",
                "big == 1180591620717411303425.0",
                "1e400",
                "-1e400",
                "5 // 0.3",
                "5 % 0.3",
                "-5 // 0.3",
                "1e300 // 1e-300",
                "0.0 // 1",
                "-0.0 // 1",
                "float('inf') // 1",
                "float('inf') % 2",
                "2 % float('inf')",
                "-2 % float('inf')",
                "2 // float('inf')",
                "-2 // float('inf')",
                "1 < float('nan')",
                "(1 == 1) + 1",
                "[1, [2, [3]]] == [1.0, [2.0, [3.0]]]",
                "{'a': 1} == {'a': 1.0}",
                "{'a': [1]} != {'a': [1]}",
                "object == object",
                "object is object"));
    }
}
