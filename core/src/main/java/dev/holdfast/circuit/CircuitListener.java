// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

/**
 * Hears of each change of state of a circuit, once, on the thread that caused it. Must not block. Two changes that follow
 * closely may be told in either order; {@link CircuitInfo#generation()} tells which came first.
 */
@FunctionalInterface
public interface CircuitListener {
    void changed(CircuitState from, CircuitInfo info, long nowNanos);
}
