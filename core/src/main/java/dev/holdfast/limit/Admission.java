// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import org.jspecify.annotations.Nullable;

/**
 * The door of one target: so many attempts at once and no more, and a bounded queue with priorities for who has to wait.
 * The limit in force is the lowest of ramp, fixed and adaptive limit. Thread-safe.
 *
 * <p>Contract: whoever has got a slot, from {@link #tryEnter} or through its {@link Waiter}, must give it back exactly once
 * by {@link #leave}. A waiter that {@link #join} took is told exactly one of granted and evicted, unless {@link #abandon}
 * said true. While somebody waits nobody passes him: {@link #tryEnter} says {@link #FULL} then.
 *
 * <p>While nobody waits a slot costs one compare-and-set and one subtraction, on a word that other threads rarely touch
 * ({@link Slots}). Whoever finds no share there goes on under the lock, where shares are dealt out anew. As long as somebody
 * waits all shares are zero, so everything passes through the lock and the order is exact. There is no timer: times come with
 * the calls, and who waits until a moment sets his own timer and abandons.
 */
public final class Admission {
    /** What {@link #tryEnter} returns where no slot is free. */
    public static final int FULL = -1;

    /** The limit where there is none. */
    public static final int NO_LIMIT = 1 << 30;

    private final int fixed;
    private final int capacity;
    private final Slots slots;
    private final Object lock = new Object();

    /** Whether somebody waits: read by each one that leaves, after it has left. Written under the lock. */
    private volatile boolean waiting;

    /** Whether commits count. Written under the lock. */
    private volatile boolean counting;

    /** The limit at which a ramp that was started anew is where it was before. Written under the lock. */
    private volatile int recoveredAt;

    /** When the ramp looks at its peaks again. Written under the lock. */
    private volatile long rollAtNanos;

    /** The limit in force. Written under the lock. */
    private volatile int limit;

    // guarded by lock
    private final WaitQueue queue = new WaitQueue();
    private final Ramp ramp;
    private final AdaptiveLimit adaptive;
    private boolean binds;
    private int turn;

    public Admission(LimitConfig config) {
        this(config, Slots.stripesHere());
    }

    /** With this many stripes, a power of two. */
    Admission(LimitConfig config, int stripes) {
        int most = config.concurrency().fixed();
        this.fixed = most == 0 ? NO_LIMIT : Math.min(most, NO_LIMIT);
        this.capacity = config.admission().queueCapacity();
        this.slots = new Slots(stripes);
        this.ramp = new Ramp(config.ramp());
        this.adaptive = new AdaptiveLimit(config.concurrency());
        this.rollAtNanos = ramp.rollAtNanos();
        this.limit = lowest();
        slots.open(limit, 0);
    }

    /**
     * Takes a slot if one is free and nobody waits.
     *
     * @return what {@link #leave} wants back, not negative, or {@link #FULL}
     */
    public int tryEnter(long nowNanos) {
        int stripe = slots.stripe();
        int slot = nowNanos < rollAtNanos ? slots.tryEnter(stripe) : FULL;
        return slot == FULL ? enterSlowly(stripe, nowNanos) : slot;
    }

    private int enterSlowly(int stripe, long nowNanos) {
        Waiter granted;
        synchronized (lock) {
            roll(nowNanos);
            if (queue.size() == 0) {
                slots.close();
                boolean free = slots.used() < limit;
                if (free) {
                    slots.enter(stripe);
                } else {
                    bind();
                }
                slots.open(limit, stripe);
                return free ? stripe : FULL;
            }
            granted = grant();
        }
        tell(granted);
        return FULL;
    }

    /** Gives a slot back; it goes to who waits first, if anybody does. */
    public void leave(int slot, long nowNanos) {
        slots.leave(slot);
        if (waiting) {
            Waiter granted;
            synchronized (lock) {
                roll(nowNanos);
                granted = grant();
            }
            tell(granted);
        }
    }

    /**
     * Waits for a slot. A free one is granted at once, on this thread, before this returns. Where the queue is full, the
     * newest waiter of the lowest priority goes, which may be this one.
     *
     * @return false if it may not wait; then it is told nothing
     */
    public boolean join(Waiter waiter, Priority priority, long nowNanos) {
        Waiter granted;
        Waiter evicted = null;
        synchronized (lock) {
            if (waiter.priority != null) {
                throw new IllegalStateException("a waiter joined that waits already");
            }
            roll(nowNanos);
            queue.add(waiter, priority);
            granted = grant();
            if (waiter.priority != null) {
                bind();
            }
            if (queue.size() > capacity) {
                evicted = queue.takeLast();
                openIfNobodyWaits();
            }
        }
        tell(granted);
        if (evicted == waiter) {
            return false;
        }
        if (evicted != null) {
            evicted.evicted();
        }
        return true;
    }

    /**
     * Takes a waiter out of the queue. Idempotent, O(1).
     *
     * @return whether it still waited, so that it is told nothing; false also where it never joined
     */
    public boolean abandon(Waiter waiter) {
        synchronized (lock) {
            boolean waited = queue.remove(waiter);
            if (waited) {
                openIfNobodyWaits();
            }
            return waited;
        }
    }

    /** An attempt has committed. To be told once per attempt that does. */
    public void committed(long nowNanos) {
        if (!counting) {
            return;
        }
        Waiter granted = null;
        synchronized (lock) {
            roll(nowNanos);
            boolean rampGrew = binds && ramp.limit() == limit && ramp.committed();
            boolean adaptiveGrew = adaptive.committed(binds && adaptive.limit() == limit);
            if (rampGrew || adaptiveGrew) {
                setLimit();
                granted = grant();
                binds = queue.size() > 0;
            }
            counting = binds || adaptive.active();
        }
        tell(granted);
    }

    /** The target has throttled an attempt or said that it is overloaded. To be told once per such attempt. */
    public void overloaded(long nowNanos) {
        synchronized (lock) {
            roll(nowNanos);
            boolean rampFell = ramp.overloaded(slots.used());
            boolean adaptiveFell = adaptive.overloaded(slots.used());
            if (rampFell || adaptiveFell) {
                setLimit();
            }
            counting = binds || adaptive.active();
        }
    }

    /**
     * Starts the ramp anew: after a circuit has closed from its number of probes, after a pause from one.
     *
     * @param newLimit at least 1
     */
    public void restart(int newLimit, long nowNanos) {
        if (newLimit < 1) {
            throw new IllegalArgumentException("a ramp starts from at least 1: " + newLimit);
        }
        Waiter granted;
        synchronized (lock) {
            recoveredAt = Math.max(recoveredAt, limit);
            ramp.restart(newLimit, slots.used(), nowNanos);
            rollAtNanos = ramp.rollAtNanos();
            setLimit();
            granted = grant();
            binds = queue.size() > 0;
            counting = binds || adaptive.active();
        }
        tell(granted);
    }

    /** Whether a slot would be had at once; it may be gone when it is asked for. */
    public boolean hasFreeSlot() {
        return !waiting && slots.used() < limit;
    }

    /** Whether the ramp was started anew and is not yet back where it was. */
    public boolean recovering() {
        return limit < recoveredAt;
    }

    /** Slots taken. */
    public int inFlight() {
        return slots.used();
    }

    /** The limit in force, {@link #NO_LIMIT} for none. */
    public int limit() {
        return limit;
    }

    /** Calls that wait. */
    public int queued() {
        synchronized (lock) {
            return queue.size();
        }
    }

    public AdmissionInfo info() {
        synchronized (lock) {
            return new AdmissionInfo(slots.used(), limit, queue.size());
        }
    }

    private int lowest() {
        return Math.min(fixed, Math.min(ramp.limit(), adaptive.limit()));
    }

    private void roll(long nowNanos) {
        if (nowNanos >= rollAtNanos) {
            boolean somebodyWaits = queue.size() > 0;
            ramp.roll(Math.min(slots.takePeak(), limit), slots.used(), somebodyWaits, nowNanos);
            rollAtNanos = ramp.rollAtNanos();
            binds = binds && somebodyWaits;
            recoveredAt = binds ? recoveredAt : 0;
            counting = binds || adaptive.active();
            setLimit();
        }
    }

    private void setLimit() {
        int next = lowest();
        if (next != limit) {
            limit = next;
            openIfNobodyWaits();
        }
    }

    /** Somebody has to wait. Where only the fixed limit is to blame there is nothing to grow. */
    private void bind() {
        if (!binds && limit < fixed) {
            binds = true;
            counting = true;
        }
    }

    /** Gives free slots to who waits first and returns those who got one, linked by {@code after}. */
    private @Nullable Waiter grant() {
        if (queue.size() == 0) {
            return null;
        }
        // Before adding up: one that leaves after the sum has been taken must come here.
        waiting = true;
        slots.close();
        Waiter first = null;
        Waiter last = null;
        for (int spare = limit - slots.used(); spare > 0; spare--) {
            Waiter waiter = queue.takeFirst();
            if (waiter == null) {
                break;
            }
            waiter.slot = slots.stripe(turn++);
            slots.enter(waiter.slot);
            if (last == null) {
                first = waiter;
            } else {
                last.after = waiter;
            }
            last = waiter;
        }
        openIfNobodyWaits();
        return first;
    }

    private void openIfNobodyWaits() {
        if (queue.size() == 0) {
            waiting = false;
            slots.close();
            slots.open(limit, turn);
        }
    }

    /** Tells each that it has a slot, outside the lock; a slot that is no longer wanted passes on. */
    private void tell(@Nullable Waiter granted) {
        Waiter next = granted;
        while (next != null) {
            boolean passOn = false;
            while (next != null) {
                Waiter waiter = next;
                next = waiter.after;
                waiter.after = null;
                int slot = waiter.slot;
                if (!waiter.granted(slot)) {
                    slots.leave(slot);
                    passOn = true;
                }
            }
            if (passOn && waiting) {
                synchronized (lock) {
                    next = grant();
                }
            }
        }
    }

    /** A call that waits for a slot. Belongs to one queue at a time; its links are guarded by that queue's lock. */
    public abstract static class Waiter {
        @Nullable
        Priority priority;

        @Nullable
        Waiter before;

        @Nullable
        Waiter after;

        int slot;

        /**
         * The slot is yours, to be given back by {@link Admission#leave}. Called without locks, on the thread that gave the
         * slot free; must not block, must not throw, and must not run what may take long: hand that to an executor.
         *
         * @return false if it is no longer wanted; then it passes on and must not be given back
         */
        protected abstract boolean granted(int slot);

        /** The queue was full and one of higher priority has come. Called without locks, once; as for granted. */
        protected abstract void evicted();
    }
}
