// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

/**
 * Monotonic time in nanoseconds. Values are non-negative, never go back, and stay far below {@link Long#MAX_VALUE}, so
 * that they can be compared and added to without overflow; {@code Long.MAX_VALUE} itself means "never". Only
 * differences between values of the same ticker mean anything. Thread-safe.
 */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some fixed moment of this ticker. */
    long nanos();

    /** The clock of this JVM: {@link System#nanoTime()} counted from the first use of this class. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}
