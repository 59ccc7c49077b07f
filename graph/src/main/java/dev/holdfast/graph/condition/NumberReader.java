// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One number literal: whole numbers exact and in four bases, others as floats. */
final class NumberReader {
    private static final String DIGITS = "[0-9](?:_?[0-9])*+";
    private static final Pattern BASED =
            Pattern.compile("0(?:[xX]((?:_?[0-9a-fA-F])+)|[oO]((?:_?[0-7])+)|[bB]((?:_?[01])+))");
    private static final Pattern FLOAT = Pattern.compile("(?:" + DIGITS + "\\.(?:" + DIGITS + ")?|\\." + DIGITS
            + ")(?:[eE][+-]?" + DIGITS + ")?|" + DIGITS + "[eE][+-]?" + DIGITS);
    private static final Pattern WHOLE = Pattern.compile("0(?:_?0)*+|[1-9](?:_?[0-9])*+");
    /** These may follow a number without a blank. */
    private static final List<String> FOLLOWERS = List.of("and", "else", "for", "if", "in", "is", "not", "or");

    private final String text;
    private final Object value;
    private int end;

    NumberReader(String text, int start) {
        this.text = text;
        value = read(start);
        check(start);
    }

    Object value() {
        return value;
    }

    int end() {
        return end;
    }

    private Object read(int start) {
        Matcher based = BASED.matcher(text).region(start, text.length());
        if (based.lookingAt()) {
            end = based.end();
            int group = based.group(1) != null ? 1 : based.group(2) != null ? 2 : 3;
            int radix = group == 1 ? 16 : group == 2 ? 8 : 2;
            return whole(based.group(group), radix, start);
        }
        Matcher decimal = FLOAT.matcher(text).region(start, text.length());
        if (decimal.lookingAt()) {
            end = decimal.end();
            return Double.parseDouble(decimal.group().replace("_", ""));
        }
        Matcher whole = WHOLE.matcher(text).region(start, text.length());
        if (!whole.lookingAt()) {
            throw Lexer.syntax("this is not a number", start);
        }
        end = whole.end();
        return whole(whole.group(), 10, start);
    }

    private static BigInteger whole(String digits, int radix, int position) {
        String plain = digits.replace("_", "");
        if (plain.length() > Limits.INT_DIGITS) {
            throw new Trouble(Kind.LIMIT, "a whole number has more than " + Limits.INT_DIGITS + " digits", position);
        }
        return new BigInteger(plain, radix);
    }

    private void check(int start) {
        if (end >= text.length()) {
            return;
        }
        int next = text.codePointAt(end);
        if (next == 'j' || next == 'J') {
            throw new Trouble(Kind.FORBIDDEN, "complex numbers are not allowed", start);
        }
        if (Character.isUnicodeIdentifierPart(next)
                && FOLLOWERS.stream().noneMatch(word -> text.startsWith(word, end))) {
            throw Lexer.syntax("this is not a number", start);
        }
    }
}
