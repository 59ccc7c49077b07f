// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A timer for very many waits of which most are cancelled: O(1) insert and cancel, one daemon thread, 40 bytes a task, and
 * none for one that brings its own links ({@link TimedTask}).
 *
 * <p>Tasks are spread by thread over a few {@linkplain WheelStripe stripes}, each a hierarchical timing wheel under its
 * own lock, so that threads rarely meet. The service thread sleeps until the earliest occupied tick and is woken only by
 * an insert that is due before that ({@link #wakeAtNanos}); a cancelled task leaves it asleep. Resolution is one tick of
 * 2^20 ns (about 1 ms), rounded up, so that nothing runs early.
 *
 * <p>Source of the algorithm: G. Varghese and A. Lauck, "Hashed and Hierarchical Timing Wheels", 1997, scheme 7.
 */
public final class WheelTimer implements Timer, AutoCloseable {
    private static final Logger LOG = System.getLogger(WheelTimer.class.getName());
    private static final int STRIPES = 4;

    private final Ticker ticker;
    private final WheelStripe[] stripes = new WheelStripe[STRIPES];
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean closed;

    /** When the service thread wakes by itself; an insert due earlier must wake it. */
    private volatile long wakeAtNanos = Nanos.NEVER;

    /** A timer on the given ticker; its thread starts with the first task. */
    public WheelTimer(Ticker ticker, String threadName) {
        this.ticker = ticker;
        long nowNanos = ticker.nanos();
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new WheelStripe(nowNanos);
        }
        this.thread = new Thread(this::serve, threadName);
        this.thread.setDaemon(true);
    }

    @Override
    public Scheduled at(long atNanos, Runnable task) {
        Entry entry = new Entry(atNanos, task);
        start(entry);
        return entry;
    }

    void start(TimedTask task) {
        if (closed) {
            throw new IllegalStateException("timer is closed");
        }
        stripes[(int) (Thread.currentThread().getId() & (STRIPES - 1))].add(task);
        if (task.dueNanos() < wakeAtNanos) {
            wake(task.dueNanos());
        }
    }

    private void wake(long atNanos) {
        // Lowering the mark spares the next insert the same wake; the thread sets it anew after each round.
        wakeAtNanos = atNanos;
        if (!started.get() && started.compareAndSet(false, true)) {
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public int pending() {
        int pending = 0;
        for (WheelStripe stripe : stripes) {
            pending += stripe.size();
        }
        return pending;
    }

    /** Stops the service thread; waiting tasks never run. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void serve() {
        while (!closed) {
            long nowNanos = ticker.nanos();
            for (WheelStripe stripe : stripes) {
                runAll(stripe.advance(nowNanos));
            }
            long nextNanos = publishNextWake();
            long waitNanos = nextNanos == Nanos.NEVER ? Nanos.NEVER : nextNanos - ticker.nanos();
            if (waitNanos > 0 && !closed) {
                LockSupport.parkNanos(this, waitNanos);
            }
        }
    }

    /**
     * Publishes when this thread will wake, then looks again: an insert that read the mark before it was published saw
     * an older one, and is found by the second look because it had already entered its stripe.
     */
    private long publishNextWake() {
        long nextNanos = earliest();
        while (true) {
            wakeAtNanos = nextNanos;
            long againNanos = earliest();
            if (againNanos >= nextNanos) {
                return nextNanos;
            }
            nextNanos = againNanos;
        }
    }

    private long earliest() {
        long earliest = Nanos.NEVER;
        for (WheelStripe stripe : stripes) {
            earliest = Math.min(earliest, stripe.nextNanos());
        }
        return earliest;
    }

    private static void runAll(@Nullable TimedTask first) {
        TimedTask entry = first;
        while (entry != null) {
            TimedTask next = entry.next;
            entry.next = null;
            try {
                entry.run();
            } catch (Throwable error) {
                LOG.log(Level.ERROR, "a timer task failed; the timer goes on", error);
            }
            entry = next;
        }
    }

    /** The links of a task that has none of its own. */
    private static final class Entry extends TimedTask implements Scheduled {
        private final Runnable task;

        Entry(long atNanos, Runnable task) {
            super(atNanos);
            this.task = task;
        }

        @Override
        public void run() {
            task.run();
        }

        @Override
        public boolean cancel() {
            return withdraw();
        }
    }
}
