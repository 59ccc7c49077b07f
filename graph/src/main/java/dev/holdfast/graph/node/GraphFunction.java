// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node;

import org.jspecify.annotations.Nullable;

/**
 * A function that a node of type {@code function} runs, on a thread of the executor: it may block. Must be safe to run for
 * many steps at once.
 *
 * <p>What it returns becomes the output. A map gives its members; with exactly one output key that is no member of the map,
 * the map is the value of that key. Any other value is the value of the only output key, or of {@code result} where the
 * node declares none.
 */
@FunctionalInterface
public interface GraphFunction {
    @Nullable
    Object apply(NodeContext context) throws Exception;
}
