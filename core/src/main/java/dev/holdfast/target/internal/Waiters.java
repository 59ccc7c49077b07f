// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

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

    public void join(Waiter waiter) {
        synchronized (lock) {
            waiter.joined = true;
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
            if (!waiter.joined) {
                return;
            }
            waiter.joined = false;
            if (waiter.before == null) {
                first = waiter.after;
            } else {
                waiter.before.after = waiter.after;
            }
            if (waiter.after != null) {
                waiter.after.before = waiter.before;
            }
            waiter.before = null;
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

    /** Something that waits; its links are guarded by the lock of the list that it is in. */
    public abstract static class Waiter {
        private @Nullable Waiter before;
        private @Nullable Waiter after;
        private boolean joined;

        /** Something has changed: look again. Called without locks; must not block. */
        protected abstract void wake();
    }
}
