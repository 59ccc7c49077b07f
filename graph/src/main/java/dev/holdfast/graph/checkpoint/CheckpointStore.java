// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last checkpoint of each run. Implementations must be thread-safe and must not block the caller.
 *
 * <p>A run writes its checkpoints one after the other, with sequence numbers that grow. A store must refuse, with a {@link
 * CheckpointConflictException}, a number that is not greater than the one it holds: then another process drives the same
 * run, and this one must stop.
 */
public interface CheckpointStore {
    /** The stage completes when the checkpoint would survive a crash of this process and of the machine. */
    CompletionStage<Void> save(Checkpoint checkpoint);

    /** The last checkpoint of a run; null where there is none. */
    CompletionStage<@Nullable Checkpoint> load(String runId);

    /** Forgets a run; completes normally when it is not there. */
    CompletionStage<Void> delete(String runId);
}
