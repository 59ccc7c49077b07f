// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A number that fits bounds and {@code multipleOf}: 1 where it may be, else one near a bound. */
final class NumberSample {
    private static final int MOST_DIGITS = 300;

    private final @Nullable BigDecimal least;
    private final @Nullable BigDecimal above;
    private final @Nullable BigDecimal most;
    private final @Nullable BigDecimal below;
    private final @Nullable BigDecimal step;
    private final boolean whole;

    private NumberSample(JsonNode schema, boolean whole) {
        this.least = bound(schema, "minimum");
        this.above = bound(schema, "exclusiveMinimum");
        this.most = bound(schema, "maximum");
        this.below = bound(schema, "exclusiveMaximum");
        this.step = bound(schema, "multipleOf");
        this.whole = whole;
    }

    static JsonNode of(JsonNode schema, boolean whole) {
        BigDecimal number = new NumberSample(schema, whole).first();
        return whole
                ? Json.object().numberNode(number.toBigInteger())
                : Json.object().numberNode(number);
    }

    private BigDecimal first() {
        return candidates().stream().filter(this::fits).findFirst().orElse(BigDecimal.ONE);
    }

    private List<BigDecimal> candidates() {
        BigDecimal grid = step != null && step.signum() > 0 ? step : BigDecimal.ONE;
        List<BigDecimal> candidates = new ArrayList<>(List.of(BigDecimal.ONE, grid, BigDecimal.ZERO));
        for (BigDecimal bound : new BigDecimal[] {least, above, most, below}) {
            if (bound != null) {
                BigDecimal on = bound.divide(grid, 0, RoundingMode.FLOOR).multiply(grid);
                candidates.addAll(List.of(bound, on, on.add(grid), on.subtract(grid)));
            }
        }
        BigDecimal low = least == null ? above : least;
        BigDecimal high = most == null ? below : most;
        if (low != null && high != null) {
            candidates.add(low.add(high).divide(BigDecimal.valueOf(2)));
        }
        return candidates;
    }

    private boolean fits(BigDecimal number) {
        return (least == null || number.compareTo(least) >= 0)
                && (above == null || number.compareTo(above) > 0)
                && (most == null || number.compareTo(most) <= 0)
                && (below == null || number.compareTo(below) < 0)
                && (step == null || step.signum() <= 0 || number.remainder(step).signum() == 0)
                && (!whole || number.stripTrailingZeros().scale() <= 0);
    }

    /** Astronomic bounds count as none: their digits would have to be written out. */
    private static @Nullable BigDecimal bound(JsonNode schema, String name) {
        if (!schema.path(name).isNumber()) {
            return null;
        }
        BigDecimal bound = schema.path(name).decimalValue();
        return Math.abs((long) bound.precision() - bound.scale()) > MOST_DIGITS ? null : bound;
    }
}
