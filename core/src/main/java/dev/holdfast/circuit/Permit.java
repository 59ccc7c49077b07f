// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

/**
 * Leave to make one attempt, bound to the circuit's state at that moment. Callers must give each permit back exactly once,
 * by {@link Circuit#success}, {@link Circuit#failure} or {@link Circuit#release}, to the circuit that it came from.
 */
public sealed interface Permit permits Phase.Closed, Probe {
    /** Whether this attempt is one of the few that find out whether the target is back. */
    default boolean isProbe() {
        return this instanceof Probe;
    }
}
