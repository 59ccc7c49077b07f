// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

/** A lease on one of the few places of a half-open circuit. It ends by itself, so that a lost permit locks nothing. */
final class Probe implements Permit {
    final Phase.HalfOpen phase;
    final int place;
    final long expiresAtNanos;

    Probe(Phase.HalfOpen phase, int place, long expiresAtNanos) {
        this.phase = phase;
        this.place = place;
        this.expiresAtNanos = expiresAtNanos;
    }
}
