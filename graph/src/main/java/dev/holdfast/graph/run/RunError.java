// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import org.jspecify.annotations.Nullable;

/**
 * Why a run did not get through.
 *
 * @param node where; null when no single node is to blame
 * @param message one line, fit to show
 */
public record RunError(@Nullable String node, Category category, String message) {}
