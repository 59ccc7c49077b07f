// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One hierarchical timing wheel under one lock.
 *
 * <p>Data layout: {@link #LEVELS} levels of 64 buckets. A bucket of level k covers 64^k ticks; a tick is 2^20 ns. A task
 * lies in the lowest level whose lap still reaches its tick, in a doubly linked list, and moves down when its bucket
 * begins. One bit per bucket says whether it holds anything, so the next occupied tick is found by counting zeros and
 * time passes in jumps, however long it was idle. Every field is guarded by {@link #lock}.
 */
final class WheelStripe {
    private static final int TICK_SHIFT = 20;
    private static final int LEVEL_BITS = 6;
    private static final int BUCKETS = 1 << LEVEL_BITS;
    private static final int LEVELS = 6;
    private static final long REACH_TICKS = (1L << (LEVEL_BITS * LEVELS)) - 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable TimedTask[] buckets = new @Nullable TimedTask[LEVELS * BUCKETS];
    private final long[] occupied = new long[LEVELS];
    private long tick;
    private int size;

    WheelStripe(long nowNanos) {
        tick = nowNanos >> TICK_SHIFT;
    }

    void add(TimedTask task) {
        lock.lock();
        try {
            link(task);
            task.isIn(this);
            size++;
        } finally {
            lock.unlock();
        }
    }

    /** False when it is here no longer. */
    boolean remove(TimedTask entry) {
        lock.lock();
        try {
            if (entry.bucket < 0) {
                return false;
            }
            unlink(entry);
            size--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** Takes out everything that is due, in order of its tick, as a list linked by {@code next}. */
    @Nullable
    TimedTask advance(long nowNanos) {
        long nowTick = nowNanos >> TICK_SHIFT;
        Due due = new Due();
        lock.lock();
        try {
            while (true) {
                long next = nextTick();
                if (next > nowTick) {
                    tick = Math.max(tick, nowTick);
                    return due.first;
                }
                tick = next;
                cascade();
                collect(due);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The moment when this stripe next wants attention: a task due or a bucket to move down. */
    long nextNanos() {
        lock.lock();
        try {
            long next = nextTick();
            return next == Nanos.NEVER ? Nanos.NEVER : next << TICK_SHIFT;
        } finally {
            lock.unlock();
        }
    }

    private long nextTick() {
        long next = Nanos.NEVER;
        for (int level = 0; level < LEVELS; level++) {
            long bits = occupied[level];
            if (bits != 0) {
                int shift = LEVEL_BITS * level;
                long base = tick >> shift;
                // Rotated so that bit 0 is the bucket after the current one; the current one itself is a lap away.
                long rotated = Long.rotateRight(bits, (int) ((base + 1) & (BUCKETS - 1)));
                long candidate = (base + 1 + Long.numberOfTrailingZeros(rotated)) << shift;
                next = Math.min(next, candidate);
            }
        }
        return next;
    }

    /** Moves the tasks of each bucket that begins at this tick to lower levels, highest level first. */
    private void cascade() {
        for (int level = LEVELS - 1; level > 0; level--) {
            int shift = LEVEL_BITS * level;
            if ((tick & ((1L << shift) - 1)) == 0) {
                TimedTask entry = take(level, (int) ((tick >> shift) & (BUCKETS - 1)));
                while (entry != null) {
                    TimedTask next = entry.next;
                    link(entry);
                    entry = next;
                }
            }
        }
    }

    private void collect(Due due) {
        TimedTask entry = take(0, (int) (tick & (BUCKETS - 1)));
        while (entry != null) {
            TimedTask next = entry.next;
            entry.bucket = -1;
            entry.previous = null;
            entry.next = null;
            size--;
            due.add(entry);
            entry = next;
        }
    }

    private @Nullable TimedTask take(int level, int index) {
        int bucket = level * BUCKETS + index;
        TimedTask first = buckets[bucket];
        buckets[bucket] = null;
        occupied[level] &= ~(1L << index);
        return first;
    }

    private void link(TimedTask entry) {
        long dueTick = (entry.dueNanos() >> TICK_SHIFT) + ((entry.dueNanos() & ((1L << TICK_SHIFT) - 1)) == 0 ? 0 : 1);
        // During a cascade the task may be due at this very tick: level 0 of this tick is collected right after.
        long ahead = Math.min(Math.max(dueTick - tick, cascading(entry) ? 0 : 1), REACH_TICKS);
        long place = tick + ahead;
        int level = ahead == 0 ? 0 : (63 - Long.numberOfLeadingZeros(ahead)) / LEVEL_BITS;
        int index = (int) ((place >> (LEVEL_BITS * level)) & (BUCKETS - 1));
        int bucket = level * BUCKETS + index;
        TimedTask head = buckets[bucket];
        entry.bucket = bucket;
        entry.previous = null;
        entry.next = head;
        if (head != null) {
            head.previous = entry;
        }
        buckets[bucket] = entry;
        occupied[level] |= 1L << index;
    }

    private static boolean cascading(TimedTask entry) {
        return entry.bucket >= BUCKETS;
    }

    private void unlink(TimedTask entry) {
        if (entry.next != null) {
            entry.next.previous = entry.previous;
        }
        if (entry.previous != null) {
            entry.previous.next = entry.next;
        } else {
            buckets[entry.bucket] = entry.next;
            if (entry.next == null) {
                occupied[entry.bucket >> LEVEL_BITS] &= ~(1L << (entry.bucket & (BUCKETS - 1)));
            }
        }
        entry.bucket = -1;
        entry.previous = null;
        entry.next = null;
    }

    /** What is due, in the order in which it was added. */
    private static final class Due {
        private @Nullable TimedTask first;
        private @Nullable TimedTask last;

        void add(TimedTask entry) {
            if (last == null) {
                first = entry;
            } else {
                last.next = entry;
            }
            last = entry;
        }
    }
}
