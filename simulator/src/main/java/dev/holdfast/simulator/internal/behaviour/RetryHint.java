// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.behaviour;

/** The wait that an error states, and the header form that states it. */
public sealed interface RetryHint {
    /** {@code retry-after} in seconds, as the model name wrote them. */
    record Seconds(double seconds) implements RetryHint {}

    /** {@code retry-after-ms}. */
    record Millis(long millis) implements RetryHint {}

    /** {@code retry-after} as an HTTP date that many seconds ahead. */
    record Date(long secondsAhead) implements RetryHint {}

    /** No wait is stated. */
    record None() implements RetryHint {}

    RetryHint NONE = new None();

    /** The stated wait in seconds; 0 where none is stated. */
    default double inSeconds() {
        if (this instanceof Seconds s) {
            return s.seconds();
        }
        if (this instanceof Millis ms) {
            return ms.millis() / 1000.0;
        }
        return this instanceof Date date ? date.secondsAhead() : 0;
    }
}
