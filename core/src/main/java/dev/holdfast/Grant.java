// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.circuit.Circuit;
import dev.holdfast.circuit.Permit;
import dev.holdfast.failure.Failure;
import dev.holdfast.limit.Admission;
import dev.holdfast.retry.RetryBudget;
import dev.holdfast.target.internal.LatencyEstimate;
import dev.holdfast.target.internal.Pass;
import dev.holdfast.target.internal.TargetState;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt holds from its start to its end: a slot at its target, a permit of the circuit and a pass of the
 * credential; and how each is given back with what was learned. Exactly one of {@link #succeed} and {@link #giveBack} must
 * be called, once. A superclass of the attempt rather than a part of it, which saves an object for each call.
 */
class Grant {
    final TargetState target;
    private final Permit permit;
    private final Pass pass;
    final long startNanos;

    private final int slot;

    /** Tokens of the budget that the attempt cost; 0 for one that did not have to be paid for. */
    private final int paid;

    /** The slot must have been taken, and permit and pass acquired, before. */
    Grant(TargetState target, Permit permit, Pass pass, int slot, long startNanos, int paid) {
        this.target = target;
        this.permit = permit;
        this.pass = pass;
        this.slot = slot;
        this.startNanos = startNanos;
        this.paid = paid;
    }

    /** Takes over what another one holds, who must give nothing back from now on. */
    Grant(Grant other) {
        this(other.target, other.permit, other.pass, other.slot, other.startNanos, other.paid);
    }

    final TargetState targetState() {
        return target;
    }

    final long startNanos() {
        return startNanos;
    }

    final boolean isProbe() {
        return permit.isProbe();
    }

    /**
     * Whether it matters when exactly a plain attempt succeeds. At the rate at which latencies are sampled it always does;
     * beyond, nobody looks at the time but a probe, a credential on trial and a rate of slow attempts.
     */
    final boolean endIsTimed() {
        return target.total().due(startNanos)
                || permit.isProbe()
                || pass != Pass.FREE
                || target.circuit().timesAttempts();
    }

    /** At the commit of an attempt that goes on: a probe has its verdict now, and a credential on trial has proven good. */
    final void proven(long nowNanos) {
        if (permit.isProbe()) {
            target.circuit().success(permit, nowNanos - startNanos, nowNanos);
        }
        if (pass != Pass.FREE) {
            target.credential().ended(pass, true, null, target, nowNanos);
        }
        target.firstContent().record(nowNanos - startNanos, nowNanos);
        target.admission().committed(nowNanos);
    }

    /** Gives everything back after a success; a committed attempt has told of itself at its commit. */
    final void succeed(boolean committed, long nowNanos) {
        // Found before the first atomic operation, so that nothing has to be loaded again behind it.
        Circuit circuit = target.circuit();
        Admission admission = target.admission();
        RetryBudget budget = target.budget();
        LatencyEstimate total = target.total();
        boolean probe = permit.isProbe();
        if (!committed || !probe) {
            circuit.success(permit, nowNanos - startNanos, nowNanos);
        }
        if (!committed) {
            total.record(nowNanos - startNanos, nowNanos);
            admission.committed(nowNanos);
        }
        if (probe) {
            circuit.probeSucceeded();
        }
        if (pass != Pass.FREE) {
            target.credential().ended(pass, true, null, target, nowNanos);
        }
        budget.success(paid, nowNanos);
        admission.leave(slot, nowNanos);
    }

    /** Gives everything back after any other end; a failure of null says nothing about the target. */
    final void giveBack(@Nullable Failure failure, boolean committed, long nowNanos) {
        boolean permitUsed = committed && permit.isProbe();
        if (failure == null) {
            if (!permitUsed) {
                target.circuit().release(permit);
            }
        } else {
            target.failed(failure, nowNanos - startNanos, nowNanos);
            if (!permitUsed) {
                target.circuit().failure(permit, failure, nowNanos - startNanos, nowNanos);
            }
        }
        target.credential().ended(pass, false, failure, target, nowNanos);
        // Last, so that whoever gets the slot meets a target that knows of this end.
        target.admission().leave(slot, nowNanos);
    }

    /** The attempt never started: what it cost flows back. */
    final void refund(long tokens) {
        target.budget().deposit(paid, startNanos);
        target.unreserve(tokens, startNanos, startNanos);
    }
}
