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

    /** Whether threads meet at a circuit that is open, where the races for the first probe are. */
    private static volatile boolean open;

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
                () -> 0,
                (from, info, nowNanos) -> {});
        private final Permit[] permits = new Permit[THREADS];

        public Guarded() {
            for (int i = 0; open && i < threshold; i++) {
                circuit.failure(circuit.tryAcquire(0, RECOVERY), FAILURE, 1, 0);
            }
        }

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

        /**
         * Not asked where it starts open: becoming half-open and taking a place are two steps, so that one thread can see the
         * first of another and take the place before it. Who is let through is right all the same.
         */
        @Operation
        public String state() {
            return open ? "not asked" : circuit.state().toString();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,false", "1,2,false", "2,1,false", "3,3,false", "64,1,false", "1,1,true", "1,2,true", "2,3,true"})
    void circuitOpensProbesAndClosesAsIfOneAfterTheOther(int failures, int probes, boolean startsOpen) {
        threshold = failures;
        places = probes;
        open = startsOpen;

        Interleavings.check(Guarded.class);
    }
}
