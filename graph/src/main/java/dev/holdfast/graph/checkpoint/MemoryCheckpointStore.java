// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps checkpoints as long as this object lives. Thread-safe. */
public final class MemoryCheckpointStore implements CheckpointStore {
    private final Map<String, Checkpoint> last = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Void> save(Checkpoint checkpoint) {
        Checkpoint kept = last.merge(
                checkpoint.runId(), checkpoint, (old, given) -> given.sequence() > old.sequence() ? given : old);
        return kept == checkpoint
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new CheckpointConflictException(checkpoint));
    }

    @Override
    public CompletionStage<@Nullable Checkpoint> load(String runId) {
        return CompletableFuture.completedFuture(last.get(runId));
    }

    @Override
    public CompletionStage<Void> delete(String runId) {
        last.remove(runId);
        return CompletableFuture.completedFuture(null);
    }
}
