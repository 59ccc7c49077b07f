// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

/** The store holds a newer checkpoint: another process drives the run. */
public final class CheckpointConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CheckpointConflictException(Checkpoint refused) {
        super("run " + refused.runId() + " has moved on beyond checkpoint " + refused.sequence()
                + ": another process drives it");
    }
}
