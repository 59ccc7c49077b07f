// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WheelTimerTest {
    private static final long TICK = 1L << 20;

    private record Step(int kind, long nanos, int which) {}

    /** What the model keeps of a task. */
    private static final class Planned extends TimedTask {
        boolean gone;
        boolean ran;

        Planned(long atNanos) {
            super(atNanos);
        }

        @Override
        public void run() {
            ran = true;
        }
    }

    @Test
    void wheelRunsWhatASortedListWouldRun() {
        RandomRuns.play(99, 400, 200, WheelTimerTest::step, WheelTimerTest::compare);
    }

    /** Moments on all levels of the wheel, ticks and the nanoseconds beside them, the past and the far future. */
    private static Step step(SplittableRandom random) {
        long span = 1L << random.nextInt(10, 62);
        long nanos = random.nextLong(span);
        nanos = random.nextInt(4) == 0 ? (nanos & -TICK) + random.nextInt(3) - 1 : nanos;
        return new Step(random.nextInt(10), Math.max(0, nanos), random.nextInt(1000));
    }

    private static void compare(List<Step> steps) {
        WheelStripe wheel = new WheelStripe(0);
        List<Planned> all = new ArrayList<>();
        long now = 0;
        for (Step step : steps) {
            if (step.kind() < 5) {
                Planned planned = new Planned(Nanos.add(now, step.nanos()));
                wheel.add(planned);
                all.add(planned);
            } else if (step.kind() < 7 && !all.isEmpty()) {
                Planned planned = all.get(step.which() % all.size());
                assertThat(planned.withdraw()).isEqualTo(!planned.gone);
                planned.gone = true;
            } else {
                long next = wheel.nextNanos();
                now = step.kind() == 7 && next != Nanos.NEVER
                        ? Math.max(now, next)
                        : Math.min(1L << 61, now + step.nanos());
                advance(wheel, all, now);
            }
            assertThat(wheel.size())
                    .isEqualTo((int) all.stream().filter(p -> !p.gone).count());
        }
    }

    private static void advance(WheelStripe wheel, List<Planned> all, long now) {
        for (TimedTask entry = wheel.advance(now); entry != null; entry = entry.next) {
            entry.run();
        }
        long tick = now & -TICK;
        for (Planned planned : all) {
            if (planned.ran && !planned.gone) {
                assertThat(planned.dueNanos()).as("never early").isLessThanOrEqualTo(now);
                planned.gone = true;
            }
            // At most the tick in which it was added and the one in which it is due are between.
            assertThat(planned.gone || planned.dueNanos() > tick - 2 * TICK)
                    .as("never lost")
                    .isTrue();
        }
    }

    @Test
    void taskThatIsItsOwnEntryWaitsOnAnyTimer() {
        VirtualTime time = new VirtualTime(1);
        Planned kept = new Planned(10 * TICK);
        Planned takenBack = new Planned(10 * TICK);

        boolean beforeItsStart = kept.withdraw();
        kept.startOn(time);
        takenBack.startOn(time);

        assertThat(beforeItsStart).isFalse();
        assertThat(takenBack.withdraw()).isTrue();
        assertThat(takenBack.withdraw()).as("once is enough").isFalse();
        time.advanceTo(10 * TICK);
        assertThat(kept.ran).isTrue();
        assertThat(takenBack.ran).isFalse();
        assertThat(kept.withdraw()).isFalse();
        assertThat(time.pending()).isZero();
    }

    @Test
    @Timeout(120)
    void nothingIsEarlyOrLostWhenThreadsAddAndCancel() throws InterruptedException {
        Ticker ticker = Ticker.system();
        LongAdder ran = new LongAdder();
        LongAdder early = new LongAdder();
        LongAdder cancelled = new LongAdder();
        AtomicLong added = new AtomicLong();
        try (WheelTimer timer = new WheelTimer(ticker, "test-timer")) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                SplittableRandom random = new SplittableRandom(t);
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        long at = ticker.nanos() + random.nextLong(300_000_000L);
                        added.incrementAndGet();
                        Timer.Scheduled scheduled = timer.at(at, () -> {
                            ran.increment();
                            early.add(ticker.nanos() < at ? 1 : 0);
                        });
                        if (random.nextInt(3) > 0) {
                            cancelled.add(scheduled.cancel() ? 1 : 0);
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            CountDownLatch last = new CountDownLatch(1);
            timer.at(ticker.nanos() + 320_000_000L, last::countDown);
            assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(ran.sum() + cancelled.sum()).isEqualTo(added.get());
            assertThat(early.sum()).isZero();
            assertThat(timer.pending()).isZero();
        }
    }

    @Test
    @Timeout(120)
    void taskThatThrowsDisturbsNoOther() throws InterruptedException {
        try (WheelTimer timer = new WheelTimer(Ticker.system(), "test-timer")) {
            CountDownLatch other = new CountDownLatch(1);
            timer.at(0, () -> {
                throw new IllegalStateException("made up");
            });
            timer.at(1, other::countDown);

            assertThat(other.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
