// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.target.Target;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** How long the vectors of one embedding model are: as configured, else as the first ones were. Thread-safe. */
final class Dimensions {
    private record Known(int dimension, String by) {}

    private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

    Dimensions(@Nullable Integer configured) {
        if (configured != null) {
            known.set(new Known(configured, "the configuration"));
        }
    }

    @Nullable
    Integer known() {
        Known found = known.get();
        return found == null ? null : found.dimension();
    }

    /**
     * @param asked what the request itself wants; null for the usual
     * @throws EmbeddingDimensionException if it is another length
     */
    void check(Target target, int dimension, @Nullable Integer asked) {
        if (asked != null) {
            expect(target, dimension, new Known(asked, "the request"));
            return;
        }
        known.compareAndSet(null, new Known(dimension, "route " + target));
        Known expected = known.get();
        if (expected != null) {
            expect(target, dimension, expected);
        }
    }

    private static void expect(Target target, int dimension, Known expected) {
        if (dimension != expected.dimension()) {
            throw new EmbeddingDimensionException("route " + target + " gives vectors of " + dimension + " numbers, "
                    + expected.by() + " says " + expected.dimension()
                    + ": vectors of both cannot be compared, so let all routes be models of one dimension");
        }
    }
}
