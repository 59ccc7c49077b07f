// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

/**
 * Runs tasks once, at a moment on the scale of the {@link Ticker} that the timer was made with. Thread-safe.
 *
 * <p>Tasks run on the timer's own thread. They must be short, must not block and must not run code of users: the engine
 * hands everything else to its executor. A task that throws is logged and disturbs no other.
 */
public interface Timer {
    /**
     * Schedules a task.
     *
     * @param atNanos when to run it, on the ticker's scale; never earlier, usually within 2 ms after. A moment that has
     *     passed means as soon as possible, never on the calling thread.
     */
    Scheduled at(long atNanos, Runnable task);

    /** How many tasks are scheduled and have neither started nor been cancelled. For tests and dashboards. */
    int pending();

    /** A task that waits for its moment. */
    interface Scheduled {
        /** Takes the task back; true if it had not started and now never will. Idempotent. */
        boolean cancel();
    }
}
