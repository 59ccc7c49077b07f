// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                    for (int i = 0; i < RandomRuns.part(20_000); i++) {
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

    @Test
    void taskRunsAtItsTickAndNotBefore() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2_000; i++) {
            long start = random.nextLong(1L << 45);
            long due = start + random.nextLong(1, 1L << random.nextInt(1, 50));
            // On and beside the borders of the wheels, where a task moves down and is due at the same moment.
            due = i % 2 == 0 ? Math.max(start + TICK, (due >> 26) << 26) : due;
            long tick = (due + TICK - 1) & -TICK;
            WheelStripe wheel = new WheelStripe(start);
            Planned planned = new Planned(due);
            wheel.add(planned);

            assertThat(wheel.nextNanos()).isBetween(start, tick);
            if (tick - TICK > start) {
                assertThat(wheel.advance(tick - 1)).as("before").isNull();
            }
            assertThat(wheel.size()).isEqualTo(1);
            assertThat(wheel.advance(tick)).as("start %d, due %d", start, due).isSameAs(planned);
            assertThat(wheel.size()).isZero();
            assertThat(wheel.nextNanos()).isEqualTo(Nanos.NEVER);
        }
    }

    @Test
    void nextMomentIsThatOfTheEarliestTask() {
        WheelStripe wheel = new WheelStripe(0);
        assertThat(wheel.nextNanos()).isEqualTo(Nanos.NEVER);
        Planned ten = new Planned(10 * TICK);
        Planned six = new Planned(5 * TICK + 1);

        wheel.add(ten);
        assertThat(wheel.nextNanos()).isEqualTo(10 * TICK);
        wheel.add(six);
        assertThat(wheel.nextNanos()).isEqualTo(6 * TICK);
        six.withdraw();
        assertThat(wheel.nextNanos()).isEqualTo(10 * TICK);
        ten.withdraw();

        assertThat(wheel.nextNanos()).isEqualTo(Nanos.NEVER);
    }

    @Test
    void whatIsDueTogetherComesInOneRowInTheOrderOfItsTicks() {
        WheelStripe wheel = new WheelStripe(0);
        Planned[] tasks = {new Planned(3 * TICK), new Planned(TICK), new Planned(70 * TICK), new Planned(2 * TICK)};
        for (Planned task : tasks) {
            wheel.add(task);
        }

        List<TimedTask> due = new ArrayList<>();
        for (TimedTask task = wheel.advance(80 * TICK); task != null; task = task.next) {
            due.add(task);
        }

        assertThat(due).containsExactly(tasks[1], tasks[3], tasks[0], tasks[2]);
    }

    /** Real threads: whoever counts or asks must not keep the lock. */
    @Test
    @Timeout(120)
    void taskThatIsDueEarlierWakesATimerThatSleeps() throws InterruptedException {
        try (WheelTimer timer = new WheelTimer(Ticker.system(), "test-timer")) {
            assertThat(timer.pending()).isZero();
            Timer.Scheduled late = timer.at(Ticker.system().nanos() + 600_000_000_000L, () -> {});
            CountDownLatch first = new CountDownLatch(1);
            timer.at(0, first::countDown);
            assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
            CountDownLatch second = new CountDownLatch(1);
            timer.at(Ticker.system().nanos() + 1_000_000, second::countDown);
            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(timer.pending()).isEqualTo(1);
            assertThat(late.cancel()).isTrue();
            assertThat(timer.pending()).isZero();
        }
    }

    @Test
    @Timeout(120)
    void closedTimerTakesAndRunsNothing() throws InterruptedException {
        WheelTimer timer = new WheelTimer(Ticker.system(), "test-timer-that-closes");
        CountDownLatch runs = new CountDownLatch(1);
        timer.at(0, runs::countDown);
        assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();

        timer.close();

        assertThatThrownBy(() -> timer.at(0, () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("timer is closed");
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("test-timer-that-closes")) {
                assertThat(thread.isDaemon()).isTrue();
                thread.join(30_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }
}
