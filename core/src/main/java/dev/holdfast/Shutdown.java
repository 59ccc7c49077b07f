// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.target.internal.TargetState;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The end of an engine: no new calls, and word when nothing of the old ones is left. What is left is found where it is: a
 * slot at a target, a place among its waiters, or, for a call that is between two of these, a move that was begun and has not
 * arrived. So calls need not be counted. Once other calls are at the same targets, slots do not say whose they are; then an
 * attempt is found where it is watched: in its thread's place, or among those that run on their own. Thread-safe.
 */
final class Shutdown {
    private final Holdfast engine;
    private final Supplier<Collection<TargetState>> targets;

    /** Attempts that run on their own; those that end at once are never here. */
    private final Set<AttemptRun<?>> running = ConcurrentHashMap.newKeySet();

    private final LongAdder movesBegun = new LongAdder();
    private final LongAdder movesEnded = new LongAdder();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean handedOver;

    Shutdown(Holdfast engine, Supplier<Collection<TargetState>> targets) {
        this.engine = engine;
        this.targets = targets;
    }

    boolean hasBegun() {
        return engine.attention.close();
    }

    /** From now on there are no new calls; the result completes when nothing is left. */
    CompletableFuture<Void> begin() {
        engine.attention.closes();
        check();
        return drained.copy();
    }

    /** Calls of another engine are at the same targets from now on. */
    void handedOver() {
        handedOver = true;
    }

    /** An attempt runs on its own from now on. */
    void runs(AttemptRun<?> attempt) {
        running.add(attempt);
    }

    void runsNoMore(AttemptRun<?> attempt) {
        running.remove(attempt);
    }

    /** A call leaves a step, and will be found in no place until {@link #arrived}. */
    void moving() {
        movesBegun.increment();
    }

    /** See {@link #moving}. */
    void arrived() {
        movesEnded.increment();
        check();
    }

    /** Something has come back: the last thing may be what is waited for. */
    void check() {
        if (hasBegun() && isQuiet()) {
            drained.complete(null);
        }
    }

    /** What moves while this looks is found by the second look at the moves. */
    private boolean isQuiet() {
        long ended = movesEnded.sum();
        long started = movesBegun.sum();
        if (started != ended) {
            return false;
        }
        for (TargetState state : targets.get()) {
            boolean busy = handedOver
                    ? !waits(state).isEmpty()
                    : state.inFlight() > 0 || state.waiters().size() > 0;
            if (busy) {
                return false;
            }
        }
        return (!handedOver || nothingIsWatched()) && movesBegun.sum() == started;
    }

    /**
     * An attempt that is none of these is in its first moment. The places first: a blocking attempt that goes on leaves its
     * place when it runs on its own already. One that has ended, or is ended after this look, has begun its move before.
     */
    private boolean nothingIsWatched() {
        return engine.blockingWatch.attempts(engine).stream().allMatch(Watched::isEnded) && running.isEmpty();
    }

    /** The calls of this engine that wait at a target. */
    private List<Wait> waits(TargetState state) {
        return state.waiters().all().stream()
                .filter(waiter -> waiter instanceof Wait wait && wait.call.engine == engine)
                .map(Wait.class::cast)
                .toList();
    }

    /** Ends what still runs or waits. */
    void endAll() {
        for (TargetState state : targets.get()) {
            waits(state).forEach(wait -> end(wait.call));
        }
        running.forEach(AttemptRun::shutDown);
        engine.blockingWatch.attempts(engine).forEach(Watched::shutDown);
    }

    /** Not by cancelling, which is what callers do: this call was ended under its caller. */
    static void end(Call<?, ?> call) {
        call.completeExceptionally(Endings.closed(call));
    }
}
