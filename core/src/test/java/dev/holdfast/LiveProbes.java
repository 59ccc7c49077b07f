// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.time.Nanos;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Counts the probes of one target that hold a place, as the target sees them. What is promised are leases: a probe has its
 * place until its end or the end of its lease, whichever is first. So each count goes by the clock, read while no probe can
 * end: who still has its lease then, and has not ended, holds a place of its own, however late any thread is. Thread-safe.
 */
final class LiveProbes {
    // guarded by this
    private final Map<AttemptRun<?>, Long> leaseEndNanos = new HashMap<>();
    private int most;

    /** Runs the work of a probe, and counts it until its end. */
    <T> CompletableFuture<T> counted(AttemptRun<?> probe, Supplier<CompletableFuture<T>> work) {
        boolean[] over = {false};
        Runnable end = () -> {
            synchronized (this) {
                over[0] = true;
                leaseEndNanos.remove(probe);
            }
        };
        // Before it is counted: a call may be cancelled, and its place given away, while the attempt's function begins.
        probe.onCancel(end);
        synchronized (this) {
            if (!over[0]) {
                leaseEndNanos.put(probe, Nanos.add(probe.dueNanos(), Holdfast.LEASE_MARGIN_NANOS));
            }
            long nowNanos = probe.nowNanos();
            int live = (int) leaseEndNanos.values().stream()
                    .filter(endNanos -> nowNanos < endNanos)
                    .count();
            most = Math.max(most, live);
        }
        // The dependent is what the engine watches, so it hears of the end only after the probe was counted out.
        return work.get().whenComplete((value, error) -> end.run());
    }

    /** The most that held a place at once. */
    synchronized int most() {
        return most;
    }
}
