// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.time.Duration;

/**
 * Scenario time on the clock on the wall, so many times as fast. Engines that take a clock of their own get this one; the
 * others are told their settings in {@link #real} time. Thread-safe.
 */
public final class Pace implements Ticker {
    private final double factor;
    private final long originNanos = System.nanoTime();

    /** @param factor scenario seconds for each real one, at least 1 */
    public Pace(double factor) {
        this.factor = factor;
    }

    /** Scenario time since this was made. */
    @Override
    public long nanos() {
        return (long) ((System.nanoTime() - originNanos) * factor);
    }

    public double factor() {
        return factor;
    }

    /** How long that is on the wall. */
    public Duration real(Duration scenarioTime) {
        return Duration.ofNanos(realNanos(scenarioTime.toNanos()));
    }

    private long realNanos(long scenarioNanos) {
        return Math.round(scenarioNanos / factor);
    }

    /** Waits for so much scenario time. */
    public void sleep(Duration scenarioTime) throws InterruptedException {
        long realNanos = realNanos(scenarioTime.toNanos());
        Thread.sleep(realNanos / 1_000_000, (int) (realNanos % 1_000_000));
    }

    /** A timer whose tasks are given in scenario time and run by another, which is on {@link Ticker#system}. */
    public Timer timer(Timer system) {
        long systemOrigin = Ticker.system().nanos() - (System.nanoTime() - originNanos);
        return new Timer() {
            @Override
            public Scheduled at(long atNanos, Runnable task) {
                return system.at(systemOrigin + realNanos(atNanos), task);
            }

            @Override
            public int pending() {
                return system.pending();
            }
        };
    }
}
