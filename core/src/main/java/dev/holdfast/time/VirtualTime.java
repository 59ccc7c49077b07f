// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Time, timer, chance and executor in one object for tests and simulation: nothing happens until {@link #advance} is
 * called, and the same seed gives the same run. Tasks run on the thread that advances, in order of their moment and,
 * for equal moments, in the order in which they were scheduled. Tasks given to {@link #execute} run at once, or, from
 * within another task, right after it.
 *
 * <p>Not thread-safe: use one object from one thread.
 */
public final class VirtualTime implements Ticker, Timer, RandomGenerator, Executor {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.<Task>comparingLong(t -> t.atNanos).thenComparingLong(t -> t.order));
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final SplittableRandom random;
    private long nowNanos;
    private long order;
    private int pending;
    private boolean draining;

    /** Starts at 0 with the given seed of chance. */
    public VirtualTime(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public long nanos() {
        return nowNanos;
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public Scheduled at(long atNanos, Runnable task) {
        Task scheduled = new Task(atNanos, order++, task);
        tasks.add(scheduled);
        pending++;
        return scheduled;
    }

    @Override
    public int pending() {
        return pending;
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
        drain();
    }

    /** Moves time on by this much and runs everything that falls due on the way. */
    public void advance(Duration duration) {
        advanceTo(Nanos.add(nowNanos, Nanos.of(duration)));
    }

    /** Moves time on to this moment, not back, and runs everything that falls due on the way. */
    public void advanceTo(long atNanos) {
        while (!tasks.isEmpty() && tasks.peek().atNanos <= atNanos) {
            runNext();
        }
        nowNanos = Math.max(nowNanos, atNanos);
    }

    /**
     * Moves time on from task to task until none is left or the limit has passed.
     *
     * @return whether nothing was left to run
     */
    public boolean runUntilIdle(Duration limit) {
        long limitNanos = Nanos.add(nowNanos, Nanos.of(limit));
        while (!tasks.isEmpty() && tasks.peek().atNanos <= limitNanos) {
            runNext();
        }
        return pending == 0;
    }

    private void runNext() {
        Task task = tasks.remove();
        if (!task.done) {
            task.done = true;
            pending--;
            nowNanos = Math.max(nowNanos, task.atNanos);
            execute(task.action);
        }
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            Runnable next = ready.poll();
            while (next != null) {
                next.run();
                next = ready.poll();
            }
        } finally {
            draining = false;
        }
    }

    private final class Task implements Scheduled {
        private final long atNanos;
        private final long order;
        private final Runnable action;
        private boolean done;

        Task(long atNanos, long order, Runnable action) {
            this.atNanos = atNanos;
            this.order = order;
            this.action = action;
        }

        @Override
        public boolean cancel() {
            if (done) {
                return false;
            }
            done = true;
            pending--;
            return true;
        }
    }
}
