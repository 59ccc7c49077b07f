// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.math.BigDecimal;

/** Which numbers a key takes; {@code toString} says it in words. */
record Bounds(BigDecimal least, BigDecimal most, boolean whole) {
    /** From here on the upper bound is of no interest to anybody. */
    private static final BigDecimal MANY = BigDecimal.valueOf(1_000_000_000);

    static Bounds whole(long least, long most) {
        return new Bounds(BigDecimal.valueOf(least), BigDecimal.valueOf(most), true);
    }

    static Bounds fraction(double least, double most) {
        return new Bounds(BigDecimal.valueOf(least), BigDecimal.valueOf(most), false);
    }

    boolean hold(BigDecimal number) {
        return (!whole || number.scale() <= 0) && number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
    }

    @Override
    public String toString() {
        String kind = whole ? "a whole number " : "a number ";
        return most.compareTo(MANY) >= 0
                ? kind + "of at least " + plain(least)
                : kind + "from " + plain(least) + " to " + plain(most);
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
