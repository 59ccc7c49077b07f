// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time, in order, on whatever thread the executor gives: what only tasks touch needs no lock. A task
 * posted from within one runs right after it, without a further thread and without deepening the stack.
 */
final class Strand {
    private final Executor executor;
    private final Consumer<Throwable> onError;
    private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();

    /** How many tasks are not done; whoever raises it from 0 starts the drain. */
    private final AtomicInteger due = new AtomicInteger();

    Strand(Executor executor, Consumer<Throwable> onError) {
        this.executor = executor;
        this.onError = onError;
    }

    void post(Runnable task) {
        queue.add(task);
        if (due.getAndIncrement() == 0) {
            executor.execute(this::drain);
        }
    }

    private void drain() {
        do {
            Runnable task = queue.poll();
            try {
                if (task != null) {
                    task.run();
                }
            } catch (RuntimeException | Error e) {
                onError.accept(e);
            }
        } while (due.decrementAndGet() > 0);
    }
}
