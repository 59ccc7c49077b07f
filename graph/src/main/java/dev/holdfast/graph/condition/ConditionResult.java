// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import org.jspecify.annotations.Nullable;

/**
 * What came of one evaluation.
 *
 * @param holds whether the edge may be followed; false where there is a problem
 * @param problem why there is no value, or null
 */
public record ConditionResult(boolean holds, @Nullable ConditionProblem problem) {}
