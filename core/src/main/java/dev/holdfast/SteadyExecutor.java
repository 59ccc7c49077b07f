// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An executor of the user that may be shut down while calls run: what it rejects goes to the process-wide one. */
record SteadyExecutor(Executor executor) implements Executor {
    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            HoldfastRuntime.executor().execute(task);
        }
    }
}
