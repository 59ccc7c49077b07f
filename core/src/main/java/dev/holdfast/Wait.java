// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.limit.Admission;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.target.internal.Waiters;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Timer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for its moment on one target. It is resumed by the timer, by its turn or by a change at the target, or
 * abandoned when the caller leaves; whoever takes it out of the call's slot is the one.
 */
class Wait extends Waiters.Waiter {
    final Call<?, ?> call;
    final int index;
    long sinceNanos;

    /** Tokens that were withdrawn for the attempt that this wait is for. */
    final int paid;

    Wait(Call<?, ?> call, int index, long sinceNanos, long untilNanos, int paid) {
        super(untilNanos);
        this.call = call;
        this.index = index;
        this.sinceNanos = sinceNanos;
        this.paid = paid;
    }

    final TargetState target() {
        return call.target(index);
    }

    long untilNanos() {
        return dueNanos();
    }

    /** To be called once it is in the call's slot. */
    void arm(Timer on) {
        target().waiters().join(this);
        if (dueNanos() != Nanos.NEVER) {
            startOn(on);
        }
        if (!call.isCurrent(this)) {
            // Resumed or abandoned while it was being armed: nobody else knows of these.
            disarm();
        }
    }

    void disarm() {
        target().waiters().leave(this);
        withdraw();
    }

    /** Gives back what was acquired for the attempt that does not come. To be called by the one who took it out, once. */
    void giveBack(long nowNanos) {
        target().budget().deposit(paid, nowNanos);
    }

    @Override
    protected final void wake() {
        call.wake(this);
    }

    /** Waits for the moment that the pacer has reserved. */
    static final class Paced extends Wait {
        Paced(Call<?, ?> call, int index, long sinceNanos, long untilNanos, int paid) {
            super(call, index, sinceNanos, untilNanos, paid);
        }

        @Override
        void giveBack(long nowNanos) {
            target().unreserve(call.options.tokens(), untilNanos(), nowNanos);
            super.giveBack(nowNanos);
        }
    }

    /**
     * Waits for its turn in the queue of a target, after the pacer's moment has come. The turn may come at any time, also
     * while the call is looking around, so it is kept here: whoever moves {@link #turn} from {@link #WAITING} has decided.
     * It is armed again after each look around, so arming and disarming are done under its lock, and its timer has an entry
     * of its own.
     */
    static final class Queued extends Wait {
        private static final int WAITING = -1;
        private static final int ABANDONED = -2;
        private static final int EVICTED = -3;

        final long endNanos;

        /** The slot that was granted, or one of the above. */
        private final AtomicInteger turn = new AtomicInteger(WAITING);

        private final Ticket ticket = new Ticket();

        private volatile long untilNanos;

        // guarded by this
        private Timer.@Nullable Scheduled timer;

        Queued(Call<?, ?> call, int index, long sinceNanos, long untilNanos, long endNanos, int paid) {
            super(call, index, sinceNanos, untilNanos, paid);
            this.endNanos = endNanos;
            this.untilNanos = untilNanos;
        }

        @Override
        long untilNanos() {
            return untilNanos;
        }

        /** Takes a place in the queue; false when there is none. */
        boolean join(long nowNanos) {
            return target().admission().join(ticket, call.options.priority(), nowNanos);
        }

        @Override
        void arm(Timer on) {
            armIfCurrent(on);
            if (turn.get() != WAITING) {
                // The turn came while the call's slot was empty, so nobody was woken.
                wake();
            }
        }

        private synchronized void armIfCurrent(Timer on) {
            // Where it was resumed meanwhile, others have armed it anew, or nobody needs it any more.
            if (call.isCurrent(this)) {
                disarm();
                target().waiters().join(this);
                timer = untilNanos == Nanos.NEVER ? null : on.at(untilNanos, this);
            }
        }

        @Override
        synchronized void disarm() {
            target().waiters().leave(this);
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        }

        /** The slot that was granted, negative while there is none. */
        int slot() {
            return turn.get();
        }

        boolean evicted() {
            return turn.get() == EVICTED;
        }

        /** Looks around no more, waits until the end. */
        void goOn(long nowNanos) {
            sinceNanos = nowNanos;
            untilNanos = nowNanos < untilNanos ? untilNanos : endNanos;
        }

        @Override
        void giveBack(long nowNanos) {
            if (turn.compareAndSet(WAITING, ABANDONED)) {
                target().admission().abandon(ticket);
            } else if (turn.get() >= 0) {
                target().admission().leave(turn.get(), nowNanos);
            }
            target().unreserve(call.options.tokens(), nowNanos, nowNanos);
            super.giveBack(nowNanos);
        }

        private final class Ticket extends Admission.Waiter {
            @Override
            protected boolean granted(int slot) {
                boolean wanted = turn.compareAndSet(WAITING, slot);
                if (wanted) {
                    wake();
                }
                return wanted;
            }

            @Override
            protected void evicted() {
                if (turn.compareAndSet(WAITING, EVICTED)) {
                    wake();
                }
            }
        }
    }
}
