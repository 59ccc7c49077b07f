// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import dev.holdfast.Interleavings;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots, queue and ramp in all interleavings of few steps. Each thread gives back what it took itself. */
class AdmissionInterleavingTest {
    private static final int THREADS = 8;

    /** The checker makes the objects that it plays with, so what they are made of stands here. */
    private static volatile int limit;

    private static volatile int stripes;

    /** Slots that one thread holds. */
    private static final class Held {
        private final int[] slots = new int[64];
        private int count;

        void add(int slot) {
            slots[count++] = slot;
        }
    }

    /** Slots alone. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Slots {
        final Admission admission;
        final Held[] held = new Held[THREADS];

        public Slots() {
            this(fixed());
        }

        Slots(LimitConfig config) {
            admission = new Admission(config, stripes);
            for (int i = 0; i < THREADS; i++) {
                held[i] = new Held();
            }
        }

        @Operation
        public boolean tryEnter(@Param(name = "thread") int thread) {
            int slot = admission.tryEnter(0);
            if (slot == Admission.FULL) {
                return false;
            }
            held[thread].add(slot);
            return true;
        }

        @Operation
        public boolean leave(@Param(name = "thread") int thread) {
            Held mine = held[thread];
            if (mine.count == 0) {
                return false;
            }
            admission.leave(mine.slots[--mine.count], 0);
            return true;
        }
    }

    /**
     * Slots and queue: each thread may have one waiter, and may end its wait whenever it likes. All slots are taken at the
     * start, so that who joins waits and who leaves has somebody to think of.
     */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "priority", gen = IntGen.class, conf = "0:2")
    public static class Queue extends Slots {
        private final Caller[] callers = new Caller[THREADS];

        public Queue() {
            for (int i = 0; i < limit; i++) {
                tryEnter(1 + i % 2);
            }
        }

        @Operation
        public String join(@Param(name = "thread") int thread, @Param(name = "priority") int priority) {
            if (callers[thread] != null) {
                return "waits already";
            }
            Caller caller = new Caller();
            callers[thread] = caller;
            if (!admission.join(caller, Priority.values()[priority], 0)) {
                callers[thread] = null;
                return "refused";
            }
            return "waits";
        }

        /** Leaves the queue, or takes what it has been granted in this very moment. */
        @Operation
        public String end(@Param(name = "thread") int thread) {
            Caller caller = callers[thread];
            callers[thread] = null;
            if (caller == null) {
                return "did not wait";
            }
            return admission.abandon(caller) ? "abandoned" : caller.awaitEnd(held[thread]);
        }

        /** Wants no slot any more from this moment on, and leaves the queue after that. */
        @Operation
        public String giveUp(@Param(name = "thread") int thread) {
            Caller caller = callers[thread];
            callers[thread] = null;
            if (caller == null) {
                return "did not wait";
            }
            if (!caller.state.compareAndSet(Caller.WAITING, Caller.GONE)) {
                return caller.awaitEnd(held[thread]);
            }
            admission.abandon(caller);
            return "abandoned";
        }

        /** Every slot is held by somebody, every waiter is told at most once, and nobody waits beside a free slot. */
        @Validate
        public void nothingIsLost() {
            int known = 0;
            int waiting = 0;
            for (int i = 0; i < THREADS; i++) {
                Caller caller = callers[i];
                known += held[i].count + (caller != null && caller.state.get() == Caller.GRANTED ? 1 : 0);
                waiting += caller != null && caller.state.get() == Caller.WAITING ? 1 : 0;
            }
            AdmissionInfo info = admission.info();
            if (info.inFlight() != known || info.queued() != waiting || info.inFlight() > limit) {
                throw new IllegalStateException(known + " slots and " + waiting + " waiters are known, but " + info);
            }
            if (waiting > 0 && info.inFlight() < limit) {
                throw new IllegalStateException("somebody waits beside a free slot: " + info);
            }
        }
    }

    /** A call that waits for a slot. */
    private static final class Caller extends Admission.Waiter {
        static final int WAITING = 0;
        static final int GRANTED = 1;
        static final int EVICTED = 2;
        static final int GONE = 3;

        private final AtomicInteger state = new AtomicInteger();
        private volatile int slot;

        @Override
        protected boolean granted(int newSlot) {
            slot = newSlot;
            return tell(GRANTED);
        }

        @Override
        protected void evicted() {
            tell(EVICTED);
        }

        private boolean tell(int what) {
            if (state.get() == GRANTED || state.get() == EVICTED) {
                throw new IllegalStateException("told twice");
            }
            return state.compareAndSet(WAITING, what);
        }

        String awaitEnd(Held mine) {
            while (state.get() == WAITING) {
                Thread.onSpinWait();
            }
            if (state.get() == EVICTED) {
                return "evicted";
            }
            mine.add(slot);
            return "granted";
        }
    }

    /** Slots below a ramp that grows and starts again. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "limit", gen = IntGen.class, conf = "1:3")
    public static class Ramp extends Slots {
        public Ramp() {
            super(LimitConfig.defaults().withRamp(RampConfig.defaults().withFloor(limit)));
        }

        @Operation
        public void committed() {
            admission.committed(0);
        }

        @Operation
        public void overloaded() {
            admission.overloaded(0);
        }

        @Operation
        public void restart(@Param(name = "limit") int from) {
            admission.restart(from, 0);
        }

        @Operation
        public int limit() {
            return admission.limit();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,2", "3,4", "64,1"})
    void slotsNeverExceedTheLimitAndAreRefusedOnlyWhenItIsReached(int slots, int parts) {
        limit = slots;
        stripes = parts;

        Interleavings.check(Slots.class);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,2", "3,4", "64,1"})
    void queueLosesNobodyAndLetsNobodyWaitBesideAFreeSlot(int slots, int parts) {
        limit = slots;
        stripes = parts;

        Interleavings.check(Queue.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void rampGrowsAndStartsAgainAsIfOneAfterTheOther(int floor) {
        limit = floor;
        stripes = 2;

        Interleavings.check(Ramp.class);
    }

    private static LimitConfig fixed() {
        return LimitConfig.defaults()
                .withRamp(RampConfig.disabled())
                .withConcurrency(ConcurrencyConfig.defaults().withFixed(limit))
                .withAdmission(new AdmissionConfig(1));
    }
}
