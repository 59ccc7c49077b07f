// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.Permit;
import dev.holdfast.target.internal.Pass;
import dev.holdfast.target.internal.TargetState;
import dev.holdfast.time.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt acquires before it starts, in this order: a reservation of the pacer, a slot, a pass of the credential and
 * a permit of the circuit. Whoever cannot get the next one gives back all before it, or waits: for the pacer holding nothing
 * but the reservation, for the slot holding that and a place in the queue. Used by the owner of a call's step.
 *
 * <p>The answers are numbers, because this is on the way of every call: a positive one is the moment for which the pacer has
 * reserved, and then that reservation is held.
 */
final class Acquisition {
    /** The attempt has started, or its call was over: nothing is left to do. */
    static final long STARTED = 0;

    /** Block or circuit said no; everything has been given back. */
    static final long REJECTED = -1;

    /** There is no free slot; the reservation is still held. */
    static final long FULL = -2;

    private Acquisition() {}

    /** Takes everything and starts the attempt, as far as nothing has to be waited for. */
    static <T> long start(Call<T, ?> call, int index, long nowNanos, int paid) {
        TargetState target = call.target(index);
        long atNanos = target.reserve(call.options.tokens(), nowNanos);
        if (atNanos <= nowNanos) {
            return enter(call, index, nowNanos, paid);
        }
        if (target.usable(nowNanos)) {
            return atNanos;
        }
        // Nobody waits for the pace of a target that rejects.
        target.unreserve(call.options.tokens(), atNanos, nowNanos);
        return REJECTED;
    }

    /** As {@link #start}, for one whose reserved moment has come. */
    static <T> long enter(Call<T, ?> call, int index, long nowNanos, int paid) {
        TargetState target = call.target(index);
        int slot = target.admission().tryEnter(nowNanos);
        if (slot < 0 && target.usable(nowNanos)) {
            return FULL;
        }
        if (slot < 0) {
            // It is not worth a place in the queue.
            target.unreserve(call.options.tokens(), nowNanos, nowNanos);
            return REJECTED;
        }
        return admitted(call, index, nowNanos, paid, slot) ? STARTED : REJECTED;
    }

    /** As {@link #enter}, for one that has its slot; false where everything has been given back. */
    static <T> boolean admitted(Call<T, ?> call, int index, long nowNanos, int paid, int slot) {
        TargetState target = call.target(index);
        long longestNanos = Math.min(call.attemptNanos(), Nanos.left(call.deadlineNanos, nowNanos));
        long leaseNanos = Nanos.add(longestNanos, Holdfast.LEASE_MARGIN_NANOS);
        Pass pass = target.credential().acquire(nowNanos, leaseNanos);
        Permit permit = pass == Pass.NO ? null : target.circuit().tryAcquire(nowNanos, leaseNanos);
        if (permit == null) {
            target.credential().ended(pass, false, null, target, nowNanos);
            target.admission().leave(slot, nowNanos);
            target.unreserve(call.options.tokens(), nowNanos, nowNanos);
            return false;
        }
        target.used(nowNanos);
        Plan known = index == 0 ? call.knownPlan() : call.plan();
        int number = known == null ? 1 : known.start(index);
        call.run(new AttemptRun<>(call, target, permit, pass, slot, nowNanos, number, paid));
        return true;
    }

    /**
     * Takes all that a hedge needs, at once or nothing: it never waits, and never goes to a target that is being probed.
     *
     * @return null where something is not to be had
     */
    static <T> @Nullable AttemptRun<T> hedge(Call<T, ?> call, int index, int paid, long nowNanos) {
        TargetState target = call.target(index);
        long atNanos = target.reserve(call.options.tokens(), nowNanos);
        int slot = atNanos > nowNanos ? -1 : target.admission().tryEnter(nowNanos);
        if (slot >= 0) {
            long leaseNanos = Nanos.add(call.attemptNanos(), Holdfast.LEASE_MARGIN_NANOS);
            Pass pass = target.credential().acquire(nowNanos, leaseNanos);
            Permit permit = pass == Pass.FREE ? target.circuit().tryAcquire(nowNanos, leaseNanos) : null;
            if (permit != null && !permit.isProbe()) {
                target.used(nowNanos);
                int number = call.plan().start(index);
                return new AttemptRun<>(call, target, permit, pass, slot, nowNanos, number, paid);
            }
            if (permit != null) {
                target.circuit().release(permit);
            }
            target.credential().ended(pass, false, null, target, nowNanos);
            target.admission().leave(slot, nowNanos);
        }
        target.unreserve(call.options.tokens(), atNanos, nowNanos);
        return null;
    }
}
