// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A text that is no definition of a graph. The message names each fault with its place. */
public final class GraphFormatException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int SHOWN = 20;

    private final transient List<Finding> errors;

    GraphFormatException(String source, List<Finding> errors) {
        super(source + ": "
                + errors.stream().limit(SHOWN).map(Finding::toString).collect(Collectors.joining("\n  ", "", ""))
                + (errors.size() > SHOWN ? "\n  and " + (errors.size() - SHOWN) + " more" : ""));
        this.errors = List.copyOf(errors);
    }

    public List<Finding> errors() {
        return errors;
    }
}
