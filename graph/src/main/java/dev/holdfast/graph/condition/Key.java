// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.Values.Tuple;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value made comparable by hash, so that {@code 1}, {@code 1.0} and {@code True} are one key. */
record Key(@Nullable Object normal) {

    /** @throws Trouble if values of this type cannot be keys */
    static Key of(@Nullable Object value) {
        return new Key(normal(value, 0));
    }

    private static @Nullable Object normal(@Nullable Object value, int depth) {
        Run.checkDepth(depth);
        if (value instanceof Boolean flag) {
            return flag ? BigInteger.ONE : BigInteger.ZERO;
        }
        if (value instanceof Double real) {
            return real == Math.rint(real) && !Double.isInfinite(real) ? new BigDecimal(real).toBigInteger() : real;
        }
        if (value instanceof Tuple tuple) {
            List<@Nullable Object> items = new ArrayList<>();
            tuple.items().forEach(item -> items.add(normal(Values.inside(item), depth + 1)));
            return items;
        }
        if (value == null || value instanceof BigInteger || value instanceof String) {
            return value;
        }
        throw Trouble.type(Values.typeName(value) + " cannot be a key or an element of a set");
    }
}
