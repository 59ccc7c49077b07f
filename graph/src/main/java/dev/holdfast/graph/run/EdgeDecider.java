// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.EdgeSpec;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Decides edges of condition {@code llm_decide} in place of a model. Must not block; a stage that fails, fails the step.
 */
@FunctionalInterface
public interface EdgeDecider {
    CompletionStage<Boolean> proceeds(
            EdgeSpec edge, Map<String, @Nullable Object> output, Map<String, @Nullable Object> memory);
}
