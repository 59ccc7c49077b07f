// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

/** The states of a circuit. */
public enum CircuitState {
    /** Calls go through. */
    CLOSED("closed"),
    /** Calls are rejected. */
    OPEN("open"),
    /** A few calls, the probes, go through to find out whether the target is back. */
    HALF_OPEN("half_open");

    private final String word;

    CircuitState(String word) {
        this.word = word;
    }

    /** The word used in JSON, metrics and documentation, for example {@code half_open}. */
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }
}
