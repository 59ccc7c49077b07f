// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

import dev.holdfast.circuit.CircuitInfo;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Target;

/** What targets report to the engine that owns them. Called on the thread that caused it; must not block. */
public interface TargetListener {
    void circuitChanged(Target target, CircuitState from, CircuitInfo info);

    void blocked(Target target, Failure reason, long forNanos);

    void unblocked(Target target);

    void paused(QuotaDomain domain, long forNanos);

    void resumed(QuotaDomain domain);
}
