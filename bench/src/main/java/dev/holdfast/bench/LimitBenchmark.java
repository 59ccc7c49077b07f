// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.limit.Admission;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.Pacer;
import dev.holdfast.limit.PacerConfig;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A slot taken and given back, and a start reserved, none of which has to wait. All threads share one admission, one
 * semaphore, one pacer. The clock is a number of the thread, so that no reading of the real one is measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LimitBenchmark {
    /** As many as the admission lets in at once. */
    private static final int SLOTS = 10;

    /** Far more than any loop can ask for, and clocks of threads may drift apart by the burst. */
    private static final PacerConfig NEVER_BINDING =
            PacerConfig.defaults().withRequestsPerMinute(60_000_000_000L).withBurst(Duration.ofHours(10));

    private final Admission admission = new Admission(LimitConfig.defaults());
    private final Semaphore semaphore = new Semaphore(SLOTS);
    private final Pacer unlimited = new Pacer(PacerConfig.defaults());
    private final Pacer requests = new Pacer(NEVER_BINDING);
    private final Pacer requestsAndTokens = new Pacer(NEVER_BINDING.withTokensPerMinute(60_000_000_000_000L));

    /** A thread's own time. */
    @State(Scope.Thread)
    public static class Clock {
        private long nanos;

        long next() {
            nanos += 100;
            return nanos;
        }
    }

    @Benchmark
    public int slotHoldfast(Clock clock) {
        long now = clock.next();
        int slot = admission.tryEnter(now);
        if (slot != Admission.FULL) {
            admission.leave(slot, now);
        }
        return slot;
    }

    @Benchmark
    public boolean slotSemaphore() {
        boolean free = semaphore.tryAcquire();
        if (free) {
            semaphore.release();
        }
        return free;
    }

    @Benchmark
    public long reserveNothingKnown(Clock clock) {
        return unlimited.reserve(1000, clock.next());
    }

    @Benchmark
    public long reserveRequests(Clock clock) {
        return requests.reserve(1000, clock.next());
    }

    @Benchmark
    public long reserveRequestsAndTokens(Clock clock) {
        return requestsAndTokens.reserve(1000, clock.next());
    }
}
