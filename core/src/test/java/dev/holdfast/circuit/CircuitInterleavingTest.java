// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import dev.holdfast.Interleavings;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitInterleavingTest {
    private static final int THREADS = 8;
    private static final long RECOVERY = 60_000_000_000L;
    private static final Failure FAILURE = Failure.of(Category.SERVER_ERROR, "test", "made up");

    /** The checker makes the objects that it plays with, so what they are made of stands here. */
    private static volatile int threshold;

    private static volatile int places;

    /** Each thread holds one permit at a time; it may ask again once an open circuit's time has come. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "recoveries", gen = IntGen.class, conf = "1:2")
    public static class Guarded {
        private final Circuit circuit = new Circuit(
                CircuitConfig.defaults()
                        .withFailureThreshold(threshold)
                        .withMinimumAttempts(threshold)
                        .withHalfOpen(places, places)
                        .withRecovery(Duration.ofNanos(RECOVERY))
                        .withMaxRecovery(Duration.ofNanos(RECOVERY)),
                new SplittableRandom(1),
                (from, info, nowNanos) -> {});
        private final Permit[] permits = new Permit[THREADS];

        @Operation
        public String acquire(@Param(name = "thread") int thread, @Param(name = "recoveries") int recoveries) {
            if (permits[thread] != null) {
                return "has one";
            }
            Permit permit = circuit.tryAcquire(recoveries * RECOVERY, 100 * RECOVERY);
            permits[thread] = permit;
            return permit == null ? "rejected" : permit.isProbe() ? "probe" : "through";
        }

        @Operation
        public void success(@Param(name = "thread") int thread) {
            Permit permit = permits[thread];
            permits[thread] = null;
            if (permit != null) {
                circuit.success(permit, 1, 0);
            }
        }

        @Operation
        public void failure(@Param(name = "thread") int thread) {
            Permit permit = permits[thread];
            permits[thread] = null;
            if (permit != null) {
                circuit.failure(permit, FAILURE, 1, 0);
            }
        }

        @Operation
        public CircuitState state() {
            return circuit.state();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "2,1", "3,3", "64,1"})
    void circuitOpensProbesAndClosesAsIfOneAfterTheOther(int failures, int probes) {
        threshold = failures;
        places = probes;

        Interleavings.check(Guarded.class);
    }
}
