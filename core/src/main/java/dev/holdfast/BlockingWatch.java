// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Ends blocking attempts that run too long, without a timer for each: nearly all of them return long before, so an attempt
 * only leaves word where it runs, and one sweep, armed for the earliest that is due, looks there.
 *
 * <p>Data layout: {@link #places} has one place for each thread, by a hash of its id, every {@link #STRIDE} elements so that
 * no two share a cache line. A place that is taken (two threads with one hash, a call within a call) sends the attempt away
 * to a timer of its own.
 *
 * <p>Memory ordering: who enters writes its place, then reads {@link #sweepAtNanos}; the sweep first writes {@link
 * Nanos#NEVER} there, then reads the places. Both are sequentially consistent, so an attempt is either found by the sweep
 * or finds that it must arm one. Thread-safe.
 */
final class BlockingWatch implements Runnable {
    private static final int THREADS = 64;
    private static final int STRIDE = 16;

    private final Ticker ticker;
    private final Timer timer;
    private final AtomicReferenceArray<@Nullable AttemptRun<?>> places = new AtomicReferenceArray<>(THREADS * STRIDE);

    /** When the next sweep comes at the latest; written under the lock. */
    private volatile long sweepAtNanos = Nanos.NEVER;

    // guarded by this
    private Timer.@Nullable Scheduled sweep;

    BlockingWatch(Ticker ticker, Timer timer) {
        this.ticker = ticker;
        this.timer = timer;
    }

    /** Watches an attempt until {@link #leave}; false when its thread's place is taken, and then it is not watched. */
    boolean enter(AttemptRun<?> attempt, Thread thread) {
        if (!places.compareAndSet(place(thread), null, attempt)) {
            return false;
        }
        long dueNanos = attempt.dueNanos();
        if (dueNanos < sweepAtNanos) {
            arm(dueNanos);
        }
        return true;
    }

    /** To be called by the thread that entered, once. */
    void leave(Thread thread) {
        places.setRelease(place(thread), null);
    }

    private static int place(Thread thread) {
        return ((int) thread.getId() & (THREADS - 1)) * STRIDE;
    }

    private synchronized void arm(long dueNanos) {
        if (dueNanos < sweepAtNanos) {
            if (sweep != null) {
                sweep.cancel();
            }
            sweepAtNanos = dueNanos;
            sweep = timer.at(dueNanos, this);
        }
    }

    /** On the timer's thread: nothing but a look at the times. */
    @Override
    public void run() {
        synchronized (this) {
            sweep = null;
            sweepAtNanos = Nanos.NEVER;
        }
        long nowNanos = ticker.nanos();
        long nextNanos = Nanos.NEVER;
        for (int i = 0; i < places.length(); i += STRIDE) {
            AttemptRun<?> attempt = places.get(i);
            if (attempt == null || attempt.isEnded()) {
                continue;
            }
            long dueNanos = attempt.dueNanos();
            if (dueNanos <= nowNanos) {
                attempt.overdue(nowNanos);
            } else {
                nextNanos = Math.min(nextNanos, dueNanos);
            }
        }
        if (nextNanos != Nanos.NEVER) {
            arm(nextNanos);
        }
    }

    /** The attempts of one engine that are watched now. */
    List<AttemptRun<?>> attempts(Holdfast engine) {
        List<AttemptRun<?>> found = new ArrayList<>();
        for (int i = 0; i < places.length(); i += STRIDE) {
            AttemptRun<?> attempt = places.get(i);
            if (attempt != null && attempt.isOf(engine)) {
                found.add(attempt);
            }
        }
        return found;
    }

    /** 1 while a sweep is on the timer that has nothing to look at; it ends by itself when its time comes. */
    synchronized int idleSweeps() {
        for (int i = 0; i < places.length(); i += STRIDE) {
            if (places.get(i) != null) {
                return 0;
            }
        }
        return sweep == null ? 0 : 1;
    }
}
