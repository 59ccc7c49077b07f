// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.target.internal.TargetState;
import dev.holdfast.target.internal.Waiters;
import dev.holdfast.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for its moment on one target. It is resumed exactly once, by the timer or by a change at the target,
 * or abandoned when the caller leaves; whoever takes it out of the call's slot is the one.
 */
final class Wait extends Waiters.Waiter implements Runnable {
    private final Call<?, ?> call;
    private final TargetState target;
    final int index;
    final long sinceNanos;
    final long untilNanos;

    /** Tokens that were withdrawn for the attempt that this wait is for. */
    final int paid;

    private volatile Timer.@Nullable Scheduled timer;

    Wait(Call<?, ?> call, TargetState target, int index, long sinceNanos, long untilNanos, int paid) {
        this.call = call;
        this.target = target;
        this.index = index;
        this.sinceNanos = sinceNanos;
        this.untilNanos = untilNanos;
        this.paid = paid;
    }

    /** To be called once it is in the call's slot. */
    void arm(Timer on) {
        target.waiters().join(this);
        timer = on.at(untilNanos, this);
        if (!call.isCurrent(this)) {
            // Resumed or abandoned while it was being armed: nobody else knows of these.
            disarm();
        }
    }

    void disarm() {
        target.waiters().leave(this);
        Timer.Scheduled armed = timer;
        if (armed != null) {
            armed.cancel();
        }
    }

    /** On the timer's thread. */
    @Override
    public void run() {
        wake();
    }

    @Override
    protected void wake() {
        call.wake(this);
    }
}
