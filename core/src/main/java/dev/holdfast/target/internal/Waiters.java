// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.time.TimedTask;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for one target, in a doubly linked list through the waiters themselves, so that joining and leaving
 * are O(1) and cost no memory of their own. Thread-safe.
 */
public final class Waiters {
    private final Object lock = new Object();
    private @Nullable Waiter first;
    private int size;

    /** Idempotent. */
    public void join(Waiter waiter) {
        synchronized (lock) {
            if (waiter.before != waiter) {
                return;
            }
            waiter.before = null;
            waiter.after = first;
            if (first != null) {
                first.before = waiter;
            }
            first = waiter;
            size++;
        }
    }

    /** Idempotent. */
    public void leave(Waiter waiter) {
        synchronized (lock) {
            if (waiter.before == waiter) {
                return;
            }
            if (waiter.before == null) {
                first = waiter.after;
            } else {
                waiter.before.after = waiter.after;
            }
            if (waiter.after != null) {
                waiter.after.before = waiter.before;
            }
            waiter.before = waiter;
            waiter.after = null;
            size--;
        }
    }

    /** Lets every waiter look again, outside the lock. */
    public void wakeAll() {
        all().forEach(Waiter::wake);
    }

    /** Who waits now. */
    public List<Waiter> all() {
        synchronized (lock) {
            if (size == 0) {
                return List.of();
            }
            List<Waiter> all = new ArrayList<>(size);
            for (Waiter waiter = first; waiter != null; waiter = waiter.after) {
                all.add(waiter);
            }
            return all;
        }
    }

    public int size() {
        synchronized (lock) {
            return size;
        }
    }

    /**
     * Something that waits, for a change or for its moment; its links are guarded by the lock of the list that it is in. Very
     * many wait at once, so it is its own entry here and in the timer.
     */
    public abstract static class Waiter extends TimedTask {
        /** Itself while it is in no list. */
        private @Nullable Waiter before = this;

        private @Nullable Waiter after;

        /**
         * @param untilNanos its moment
         */
        protected Waiter(long untilNanos) {
            super(untilNanos);
        }

        /** On the timer's thread: its moment has come. */
        @Override
        public final void run() {
            wake();
        }

        /** Something has changed: look again. Called without locks; must not block. */
        protected abstract void wake();
    }
}
