// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node;

import java.util.concurrent.CompletionStage;

/**
 * The work of a node. Must not block: what takes time completes the stage later; work that blocks goes into a {@link
 * GraphFunction}. A stage that fails, null, and throwing are failures of the attempt. Must be safe to run for many steps
 * at once.
 *
 * <p>A step can run more than once (it is retried, or its process was killed before it was committed): an effect on the
 * outside should carry {@link NodeContext#stepId()}, which stays the same.
 */
@FunctionalInterface
public interface Node {
    CompletionStage<NodeResult> run(NodeContext context) throws Exception;
}
