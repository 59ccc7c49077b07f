// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one branch went that is over.
 *
 * @param branch its path, such as {@code source#1>target}
 * @param outcome success, failure or cancelled
 * @param category what kind of failure; null for a success
 * @param retries attempts that failed in it
 */
public record BranchReport(
        String branch, Outcome outcome, @Nullable Category category, Quality quality, int retries, Duration elapsed) {}
