// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import dev.holdfast.limit.Admission.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a slot: one doubly linked list per priority, through the waiters themselves, so that joining and leaving
 * are O(1) and cost no memory of their own. Guarded by the lock of its {@link Admission}.
 */
final class WaitQueue {
    private static final Priority[] PRIORITIES = Priority.values();

    private final @Nullable Waiter[] first = new @Nullable Waiter[PRIORITIES.length];
    private final @Nullable Waiter[] last = new @Nullable Waiter[PRIORITIES.length];
    private int size;

    int size() {
        return size;
    }

    void add(Waiter waiter, Priority priority) {
        int list = priority.ordinal();
        Waiter before = last[list];
        waiter.priority = priority;
        waiter.before = before;
        waiter.after = null;
        if (before == null) {
            first[list] = waiter;
        } else {
            before.after = waiter;
        }
        last[list] = waiter;
        size++;
    }

    /** False when it does not wait here. */
    boolean remove(Waiter waiter) {
        Priority priority = waiter.priority;
        if (priority == null) {
            return false;
        }
        int list = priority.ordinal();
        if (waiter.before == null) {
            first[list] = waiter.after;
        } else {
            waiter.before.after = waiter.after;
        }
        if (waiter.after == null) {
            last[list] = waiter.before;
        } else {
            waiter.after.before = waiter.before;
        }
        waiter.priority = null;
        waiter.before = null;
        waiter.after = null;
        size--;
        return true;
    }

    /** Takes out who has waited longest among the highest; null when nobody waits. */
    @Nullable
    Waiter takeFirst() {
        for (Waiter waiter : first) {
            if (waiter != null) {
                remove(waiter);
                return waiter;
            }
        }
        return null;
    }

    /** Takes out the newest of the lowest priority that waits; null when nobody does. */
    @Nullable
    Waiter takeLast() {
        for (int list = PRIORITIES.length - 1; list >= 0; list--) {
            Waiter waiter = last[list];
            if (waiter != null) {
                remove(waiter);
                return waiter;
            }
        }
        return null;
    }
}
