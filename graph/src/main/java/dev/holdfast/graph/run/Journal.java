// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.graph.checkpoint.Checkpoint;
import dev.holdfast.graph.checkpoint.CheckpointStore;
import dev.holdfast.graph.event.GraphEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the checkpoints of one run, one at a time. What is asked for while one is being written shares the next one, so
 * branches that commit together cost one write. On the run's strand.
 */
final class Journal {
    private final Run run;
    private final @Nullable CheckpointStore store;
    private long sequence;
    private List<Runnable> due = new ArrayList<>();
    private boolean writing;
    private @Nullable StopReason ended;
    private @Nullable RunError endedBy;
    private boolean broken;
    private @Nullable Consumer<@Nullable RunError> whenLast;

    Journal(Run run, @Nullable CheckpointStore store, long sequence) {
        this.run = run;
        this.store = store;
        this.sequence = sequence;
    }

    /** Runs the action once the present state is durable; at once where there is no store. */
    void write(Runnable then) {
        if (store == null) {
            then.run();
            return;
        }
        due.add(then);
        writeNext();
    }

    /** The state in which the run has ended; what was asked for before and is not written yet is dropped with it. */
    void last(StopReason reason, @Nullable RunError error, Consumer<@Nullable RunError> then) {
        ended = reason;
        endedBy = error;
        if (store == null || broken) {
            then.accept(null);
            return;
        }
        due.clear();
        whenLast = then;
        writeNext();
    }

    private void writeNext() {
        CheckpointStore to = store;
        if (writing || to == null || (due.isEmpty() && whenLast == null)) {
            return;
        }
        writing = true;
        sequence++;
        List<Runnable> covered = due;
        due = new ArrayList<>();
        Consumer<@Nullable RunError> last = whenLast;
        whenLast = null;
        long startNanos = run.ticker.nanos();
        save(to).whenComplete((nothing, error) ->
                run.strand.post(() -> written(covered, last, startNanos, error == null ? null : unwrapped(error))));
    }

    private CompletionStage<Void> save(CheckpointStore to) {
        try {
            return to.save(new Checkpoint(run.id, sequence, Snapshot.json(run, ended, endedBy)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void written(
            List<Runnable> covered,
            @Nullable Consumer<@Nullable RunError> last,
            long startNanos,
            @Nullable Throwable error) {
        writing = false;
        if (error != null) {
            broken(last, error);
            return;
        }
        if (run.listening()) {
            run.emit(new GraphEvent.CheckpointWritten(
                    run.id, sequence, Duration.ofNanos(run.ticker.nanos() - startNanos)));
        }
        if (last != null) {
            last.accept(null);
            return;
        }
        covered.forEach(Runnable::run);
        writeNext();
    }

    /** A run whose state is not safe must not go on. */
    private void broken(@Nullable Consumer<@Nullable RunError> last, Throwable error) {
        String message = "the checkpoint could not be written: " + error.getMessage();
        run.emit(new GraphEvent.CheckpointFailed(run.id, sequence, message));
        RunError told = new RunError(null, Category.UNKNOWN, message);
        Consumer<@Nullable RunError> waiting = last != null ? last : whenLast;
        whenLast = null;
        if (waiting != null) {
            waiting.accept(told);
        } else {
            broken = true;
            run.end(StopReason.FAILED, told);
        }
    }

    static Throwable unwrapped(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }
}
