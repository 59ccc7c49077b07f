// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import java.math.BigInteger;
import java.util.Locale;

/** Text of a whole number in a base, as {@code int(text, base)} reads it. */
final class BasedText {
    private BasedText() {}

    static BigInteger whole(String text, BigInteger wantedBase) {
        int base = wantedBase.bitLength() > 8 ? -1 : wantedBase.intValue();
        if (base != 0 && (base < 2 || base > 36)) {
            throw Trouble.value("the base of int() is 0 or from 2 to 36");
        }
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String digits = (signed ? text.substring(1) : text).toLowerCase(Locale.ROOT);
        int prefixed = digits.startsWith("0x") ? 16 : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 0;
        if (prefixed != 0 && (base == 0 || base == prefixed)) {
            base = prefixed;
            digits = digits.substring(2);
            digits = digits.startsWith("_") ? digits.substring(1) : digits;
        } else if (base == 0) {
            base = 10;
            if (digits.startsWith("0") && !digits.matches("[0_]+")) {
                throw notANumber();
            }
        }
        BigInteger value = magnitude(digits, base);
        return text.startsWith("-") ? value.negate() : value;
    }

    private static BigInteger magnitude(String digits, int base) {
        if (digits.length() > Limits.INT_DIGITS) {
            throw Trouble.limit("a whole number has more than " + Limits.INT_DIGITS + " digits");
        }
        boolean badUnderscore = digits.startsWith("_") || digits.endsWith("_") || digits.contains("__");
        String plain = digits.replace("_", "");
        boolean good = !plain.isEmpty() && plain.chars().allMatch(c -> c < 128 && Character.digit(c, base) >= 0);
        if (badUnderscore || !good) {
            throw notANumber();
        }
        return new BigInteger(plain, base);
    }

    private static Trouble notANumber() {
        return Trouble.value("the text given to int() is not a whole number in that base");
    }
}
