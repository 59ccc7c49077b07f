// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.checkpoint.RunIds;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one run wants. Immutable.
 *
 * @param runId the id of a new run; null to make one up
 * @param deadline of this run from its start, or from where it is resumed; null for none
 * @param nodeTimeout of an attempt of a node that states none; null for none
 * @param fanOut how branches are run
 */
public record RunOptions(
        @Nullable String runId,
        @Nullable Duration deadline,
        @Nullable Duration nodeTimeout,
        FanOut fanOut) {

    private static final RunOptions DEFAULTS = new RunOptions(null, null, null, FanOut.defaults());

    public RunOptions {
        Objects.requireNonNull(fanOut, "fanOut");
        if (runId != null) {
            RunIds.require(runId);
        }
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("deadline must be positive: " + deadline);
        }
        if (nodeTimeout != null && (nodeTimeout.isNegative() || nodeTimeout.isZero())) {
            throw new IllegalArgumentException("nodeTimeout must be positive: " + nodeTimeout);
        }
    }

    /** An id made up, no limits in time, {@link FanOut#defaults()}. */
    public static RunOptions defaults() {
        return DEFAULTS;
    }

    public RunOptions withRunId(@Nullable String value) {
        return new RunOptions(value, deadline, nodeTimeout, fanOut);
    }

    public RunOptions withDeadline(@Nullable Duration value) {
        return new RunOptions(runId, value, nodeTimeout, fanOut);
    }

    public RunOptions withNodeTimeout(@Nullable Duration value) {
        return new RunOptions(runId, deadline, value, fanOut);
    }

    public RunOptions withFanOut(FanOut value) {
        return new RunOptions(runId, deadline, nodeTimeout, value);
    }
}
