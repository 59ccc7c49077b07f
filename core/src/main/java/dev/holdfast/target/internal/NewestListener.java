// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Target;

/** Tells the engine that took a target over last. One for all states that engines hand on to each other. Thread-safe. */
final class NewestListener implements TargetListener {
    private volatile TargetListener newest;

    NewestListener(TargetListener first) {
        this.newest = first;
    }

    void tell(TargetListener newer) {
        newest = newer;
    }

    @Override
    public void circuitChanged(Target target, CircuitState from, CircuitInfo info) {
        newest.circuitChanged(target, from, info);
    }

    @Override
    public void blocked(Target target, Failure reason, long forNanos) {
        newest.blocked(target, reason, forNanos);
    }

    @Override
    public void unblocked(Target target) {
        newest.unblocked(target);
    }

    @Override
    public void paused(QuotaDomain domain, long forNanos) {
        newest.paused(domain, forNanos);
    }

    @Override
    public void resumed(QuotaDomain domain) {
        newest.resumed(domain);
    }
}
