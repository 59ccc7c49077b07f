// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Target;

/** Hears nothing. */
final class Silent implements TargetListener {
    @Override
    public void circuitChanged(Target target, CircuitState from, CircuitInfo info) {}

    @Override
    public void blocked(Target target, Failure reason, long forNanos) {}

    @Override
    public void unblocked(Target target) {}

    @Override
    public void paused(QuotaDomain domain, long forNanos) {}

    @Override
    public void resumed(QuotaDomain domain) {}
}
