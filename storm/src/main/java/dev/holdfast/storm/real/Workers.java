// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.real;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one storm; all are gone after {@link #close}. */
final class Workers implements AutoCloseable {
    private static final int TIMERS = 2;

    private final ExecutorService pool = Executors.newCachedThreadPool(named("storm-call-"));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(TIMERS, named("storm-timer-"));

    Workers() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Grows as needed; for what may block. */
    ExecutorService pool() {
        return pool;
    }

    /** For short tasks. */
    ScheduledExecutorService timer() {
        return timer;
    }

    /** Interrupts what runs and waits a while for it to end. */
    @Override
    public void close() {
        pool.shutdownNow();
        timer.shutdownNow();
        try {
            pool.awaitTermination(5, TimeUnit.SECONDS);
            timer.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
