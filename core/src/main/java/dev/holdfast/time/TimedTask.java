// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import org.jspecify.annotations.Nullable;

/**
 * A task that is its own entry in a {@link WheelTimer}, so that waiting costs no second object; any other timer is asked as
 * usual. For one moment, and once: a task that was started must not be started again.
 *
 * <p>Contract: {@link #startOn} is called by one thread, once. {@link #withdraw} may be called by any thread at any time; one
 * that comes before the start has no effect. Runs on the timer's thread, see {@link Timer}.
 */
public abstract class TimedTask implements Runnable {
    private final long dueNanos;

    /** The stripe that holds it, or what another timer gave for it; null before the start. */
    private volatile @Nullable Object place;

    // Guarded by the lock of the stripe. Linked into a bucket while that is not negative.
    int bucket = -1;

    @Nullable
    TimedTask previous;

    @Nullable
    TimedTask next;

    /**
     * @param dueNanos when it is to run, on the scale of the timer's ticker
     */
    protected TimedTask(long dueNanos) {
        this.dueNanos = dueNanos;
    }

    public final long dueNanos() {
        return dueNanos;
    }

    /** From now on it runs at its moment, unless it is withdrawn. */
    public final void startOn(Timer timer) {
        if (timer instanceof WheelTimer wheel) {
            wheel.start(this);
        } else {
            place = timer.at(dueNanos, this);
        }
    }

    /** Takes it back; true if it had been started, had not run and now never will. Idempotent. */
    public final boolean withdraw() {
        Object there = place;
        if (there instanceof WheelStripe stripe) {
            return stripe.remove(this);
        }
        return there instanceof Timer.Scheduled scheduled && scheduled.cancel();
    }

    /** For {@link WheelStripe} alone, under its lock and after it has linked the task. */
    void isIn(WheelStripe stripe) {
        place = stripe;
    }
}
