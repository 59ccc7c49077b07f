// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import dev.holdfast.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WheelInterleavingTest {
    private static final int THREADS = 8;
    private static final long TICK = 1L << 20;

    /** The checker makes the objects that it plays with, so what they are made of stands here. */
    private static volatile int spread;

    /** Tasks one to three times {@code spread} ticks ahead; each thread may take back its own latest. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "ticks", gen = IntGen.class, conf = "1:3")
    public static class Stripe {
        private final WheelStripe stripe = new WheelStripe(0);
        private final TimedTask[] latest = new TimedTask[THREADS];

        @Operation
        public void add(@Param(name = "thread") int thread, @Param(name = "ticks") int ticks) {
            TimedTask task = new Task(ticks * spread * TICK);
            stripe.add(task);
            latest[thread] = task;
        }

        @Operation
        public boolean cancel(@Param(name = "thread") int thread) {
            TimedTask task = latest[thread];
            return task != null && task.withdraw();
        }

        /** How many fall due. */
        @Operation
        public int advance(@Param(name = "ticks") int ticks) {
            int due = 0;
            for (TimedTask e = stripe.advance(ticks * spread * TICK); e != null; e = e.next) {
                due++;
            }
            return due;
        }

        @Operation
        public int size() {
            return stripe.size();
        }
    }

    private static final class Task extends TimedTask {
        Task(long dueNanos) {
            super(dueNanos);
        }

        @Override
        public void run() {}
    }

    /** 64 ticks ahead lie on the wheel's second level. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void tasksRunOrAreTakenBackAsIfOneAfterTheOther(int ticks) {
        spread = ticks;

        Interleavings.check(Stripe.class);
    }
}
