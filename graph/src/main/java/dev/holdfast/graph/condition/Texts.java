// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.Values.Tuple;
import dev.holdfast.graph.condition.Values.View;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as Python writes them: {@code str} and {@code repr}. */
final class Texts {
    private Texts() {}

    static String str(@Nullable Object value, Run run) {
        if (value instanceof String text) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        write(value, out, run, 0);
        return out.toString();
    }

    static String repr(@Nullable Object value, Run run) {
        StringBuilder out = new StringBuilder();
        write(value, out, run, 0);
        return out.toString();
    }

    private static void write(@Nullable Object given, StringBuilder out, Run run, int depth) {
        Run.checkDepth(depth);
        Run.checkSize(out.length());
        run.spend(1);
        Object value = Values.inside(given);
        if (value == null) {
            out.append("None");
        } else if (value instanceof Boolean flag) {
            out.append(flag ? "True" : "False");
        } else if (value instanceof BigInteger whole) {
            out.append(whole(whole));
        } else if (value instanceof Double real) {
            out.append(real(real));
        } else if (value instanceof String text) {
            run.spend(text.length());
            out.append(quote(text));
        } else if (value instanceof Map || value instanceof Dict) {
            object(Dict.of(value, run), out, run, depth);
        } else {
            collection(value, out, run, depth);
        }
    }

    private static void collection(Object value, StringBuilder out, Run run, int depth) {
        List<@Nullable Object> items = Values.itemsOrNull(value);
        if (items == null) {
            throw Trouble.type("an object of this type has no text");
        }
        if (value instanceof Tuple) {
            list(items, "(", items.size() == 1 ? ",)" : ")", out, run, depth);
        } else if (value instanceof View view) {
            list(items, "dict_" + view.kind() + "([", "])", out, run, depth);
        } else if (value instanceof Distinct) {
            list(items, items.isEmpty() ? "set(" : "{", items.isEmpty() ? ")" : "}", out, run, depth);
        } else {
            list(items, "[", "]", out, run, depth);
        }
    }

    private static void list(
            List<@Nullable Object> items, String open, String close, StringBuilder out, Run run, int depth) {
        out.append(open);
        String comma = "";
        for (Object item : items) {
            out.append(comma);
            write(item, out, run, depth + 1);
            comma = ", ";
        }
        out.append(close);
    }

    private static void object(Dict dict, StringBuilder out, Run run, int depth) {
        out.append('{');
        String comma = "";
        for (Object key : dict.keys()) {
            out.append(comma);
            write(key, out, run, depth + 1);
            out.append(": ");
            write(dict.get(key), out, run, depth + 1);
            comma = ", ";
        }
        out.append('}');
    }

    static String whole(BigInteger value) {
        if (value.bitLength() > Limits.INT_DIGITS * 4) {
            throw Trouble.limit("a whole number is too large to be written");
        }
        return value.toString();
    }

    /** The shortest digits that read back as the same float; an exponent below 1e-4 and from 1e16. */
    static String real(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(value).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = shortest.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
    }

    /** In single quotes, or in double ones where that saves escapes. */
    static String quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            character(point, quote, out);
        }
        return out.append(quote).toString();
    }

    private static void character(int point, char quote, StringBuilder out) {
        switch (point) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (point == quote) {
                    out.append('\\').appendCodePoint(point);
                } else if (isPrintable(point)) {
                    out.appendCodePoint(point);
                } else if (point <= 0xff) {
                    out.append(String.format("\\x%02x", point));
                } else {
                    out.append(String.format(point <= 0xffff ? "\\u%04x" : "\\U%08x", point));
                }
            }
        }
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> true;
        };
    }
}
