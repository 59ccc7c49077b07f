// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

import java.util.Objects;

/**
 * The state of a run after a step.
 *
 * @param runId letters, digits and {@code . _ -}, at most 128
 * @param sequence grows with each checkpoint of the run
 * @param json the state, in the versioned form that docs/graph-checkpoints.md describes
 */
public record Checkpoint(String runId, long sequence, String json) {
    public Checkpoint {
        RunIds.require(runId);
        Objects.requireNonNull(json, "json");
    }

    @Override
    public String toString() {
        return "Checkpoint[" + runId + ", " + sequence + ", " + json.length() + " chars]";
    }
}
