// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
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

    /** On the array itself: an object around it would be one more load behind each fence. */
    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(Watched[].class);

    /** No place. */
    static final int NOWHERE = -1;

    private final Ticker ticker;
    private final Timer timer;
    private final @Nullable Watched[] places = new Watched[THREADS * STRIDE];

    /** When the next sweep comes at the latest; written under the lock. */
    private volatile long sweepAtNanos = Nanos.NEVER;

    // guarded by this
    private Timer.@Nullable Scheduled sweep;

    BlockingWatch(Ticker ticker, Timer timer) {
        this.ticker = ticker;
        this.timer = timer;
    }

    /**
     * Watches an attempt of the current thread until {@link #leave}.
     *
     * @return its place, or {@link #NOWHERE} where that is taken, and then it is not watched
     */
    int enter(Watched attempt, long dueNanos, Thread thread) {
        int place = ((int) thread.getId() & (THREADS - 1)) * STRIDE;
        if (!PLACE.compareAndSet(places, place, null, attempt)) {
            return NOWHERE;
        }
        if (dueNanos < sweepAtNanos) {
            arm(dueNanos);
        }
        return place;
    }

    /** To be called by the thread that entered, once, with what it was told. */
    void leave(int place) {
        if (place != NOWHERE) {
            PLACE.setRelease(places, place, null);
        }
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
        for (int i = 0; i < places.length; i += STRIDE) {
            Watched attempt = at(i);
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

    private @Nullable Watched at(int place) {
        return (Watched) PLACE.getVolatile(places, place);
    }

    /** The attempts of one engine that are watched now. */
    List<Watched> attempts(Holdfast engine) {
        List<Watched> found = new ArrayList<>();
        for (int i = 0; i < places.length; i += STRIDE) {
            Watched attempt = at(i);
            if (attempt != null && attempt.isOf(engine)) {
                found.add(attempt);
            }
        }
        return found;
    }

    /** 1 while a sweep is on the timer that has nothing to look at; it ends by itself when its time comes. */
    synchronized int idleSweeps() {
        for (int i = 0; i < places.length; i += STRIDE) {
            if (at(i) != null) {
                return 0;
            }
        }
        return sweep == null ? 0 : 1;
    }
}
