// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

/** {@link System#nanoTime()} moved to start near zero: its own origin is arbitrary and may be negative. */
final class SystemTicker implements Ticker {
    static final SystemTicker INSTANCE = new SystemTicker();

    private final long originNanos = System.nanoTime();

    private SystemTicker() {}

    @Override
    public long nanos() {
        return System.nanoTime() - originNanos;
    }
}
