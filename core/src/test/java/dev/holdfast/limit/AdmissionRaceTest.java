// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real threads, since this is about races beyond the few steps that a checker can follow; nobody looks at a clock. */
class AdmissionRaceTest {
    private static final int THREADS = 4;
    private static final int STEPS = 5_000;

    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final LongAdder joined = new LongAdder();
    private final LongAdder granted = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final LongAdder refusedGrants = new LongAdder();
    private volatile Admission admission;

    /** Leaves at once when it gets a slot, on the thread that gave it. */
    private final class Caller extends Admission.Waiter {
        private final AtomicInteger state = new AtomicInteger();

        @Override
        protected boolean granted(int slot) {
            if (!state.compareAndSet(0, 1)) {
                refusedGrants.increment();
                return false;
            }
            granted.increment();
            use(slot);
            return true;
        }

        @Override
        protected void evicted() {
            if (state.compareAndSet(0, 1)) {
                evicted.increment();
            } else {
                refusedGrants.increment();
            }
        }

        void giveUp() {
            if (state.compareAndSet(0, 2)) {
                abandoned.increment();
                admission.abandon(this);
            }
        }
    }

    private void use(int slot) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        // Where others shall find it taken.
        Thread.yield();
        inside.decrementAndGet();
        admission.leave(slot, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    @Timeout(120)
    void nothingIsLostAndTheLimitIsNeverExceeded(int limit) throws InterruptedException {
        admission = new Admission(
                LimitConfig.defaults()
                        .withRamp(RampConfig.disabled())
                        .withConcurrency(ConcurrencyConfig.defaults().withFixed(limit))
                        .withAdmission(new AdmissionConfig(3)),
                2);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            SplittableRandom random = new SplittableRandom(t);
            Thread thread = new Thread(() -> play(random));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isBetween(1, limit);
        assertThat(admission.info()).isEqualTo(new AdmissionInfo(0, limit, 0));
        assertThat(granted.sum() + evicted.sum() + abandoned.sum()).isEqualTo(joined.sum());
    }

    private void play(SplittableRandom random) {
        Caller latest = new Caller();
        latest.state.set(1);
        for (int i = 0; i < STEPS; i++) {
            int slot = random.nextBoolean() ? admission.tryEnter(0) : Admission.FULL;
            if (slot != Admission.FULL) {
                use(slot);
            } else if (random.nextInt(3) == 0) {
                latest.giveUp();
            } else {
                Caller caller = new Caller();
                latest.giveUp();
                if (admission.join(caller, Priority.values()[random.nextInt(3)], 0)) {
                    joined.increment();
                    latest = caller;
                }
            }
        }
        latest.giveUp();
    }
}
