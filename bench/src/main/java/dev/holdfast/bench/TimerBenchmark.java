// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.time.Ticker;
import dev.holdfast.time.WheelTimer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One insert and one cancel while a million other tasks wait. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TimerBenchmark {
    private static final int WAITING = 1_000_000;

    private final Runnable task = () -> {};
    private final WheelTimer timer = new WheelTimer(Ticker.system(), "bench-timer");
    private final long dueNanos = TimeUnit.HOURS.toNanos(24);

    /** Fills the timer: due times spread over an hour, far enough away never to run. */
    @Setup
    public void fill() {
        for (int i = 0; i < WAITING; i++) {
            timer.at(dueNanos + i * (TimeUnit.HOURS.toNanos(1) / WAITING), task);
        }
    }

    /** Ends the timer's thread. */
    @TearDown
    public void stop() {
        timer.close();
    }

    @Benchmark
    public boolean insertAndCancel() {
        return timer.at(dueNanos, task).cancel();
    }
}
