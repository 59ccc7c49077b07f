// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a definition.
 *
 * @param loads whether Hive can load it; what it cannot load is never valid, even where it could be repaired
 * @param valid whether it can be run: it loads and there are no errors
 * @param errors what Hive reports; with {@link #strict()} also everything else
 * @param warnings everything else that was found
 * @param graph what was understood, repaired where that is possible; null where there is no graph at all
 */
public record GraphCheck(
        boolean loads,
        boolean valid,
        List<Finding> errors,
        List<Finding> warnings,
        @Nullable Graph graph) {

    public GraphCheck {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /** The same with each warning an error. */
    public GraphCheck strict() {
        List<Finding> all = new ArrayList<>(errors);
        all.addAll(warnings);
        return new GraphCheck(loads, loads && all.isEmpty(), all, List.of(), graph);
    }
}
