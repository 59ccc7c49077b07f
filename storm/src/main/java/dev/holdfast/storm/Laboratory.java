// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm;

import dev.holdfast.storm.result.StormResult;
import java.util.List;

/** Runs scenarios for engines, one after another. Not thread-safe; one run at a time in a process. */
public interface Laboratory {
    /** Names of all scenarios, in the order in which they run. */
    List<String> scenarios();

    /** Names of all engines that can run here, in the order in which they are shown. */
    List<String> engines();

    /**
     * Runs to the end.
     *
     * @throws IllegalArgumentException on a name that is unknown; the message lists those that are known
     * @throws InterruptedException when the thread is interrupted; servers and clients are gone then too
     */
    StormResult run(StormOptions options, Progress progress) throws InterruptedException;

    /** Told on the running thread. */
    interface Progress {
        /** A scenario begins for an engine: the {@code step}-th of {@code steps} such runs in all. */
        void started(String scenario, String engine, int step, int steps);
    }
}
