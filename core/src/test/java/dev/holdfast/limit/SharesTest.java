// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A meter whose takings are shared out among threads that compete. */
@Timeout(60)
class SharesTest {
    private static final long SEED = 20_261_126;
    private static final long UNIT_NANOS = 60_000;
    private static final Duration BURST = Duration.ofMillis(100);

    /** A million a minute, of which 1,666 may come at once. */
    private static final Known LIMIT = Known.configured(1_000_000, BURST);

    private final Meter meter = new Meter();

    @Test
    void windowsHoldThoughUsesComeLaterThanTheirTakings() {
        meter.shareOut();
        SplittableRandom random = new SplittableRandom(SEED);
        long[] starts = new long[200_000];
        int count = 0;
        long now = 0;

        while (count < starts.length) {
            // Storms in which shares are used up, rests in which they grow old, and long rests that fill the bucket.
            int kind = random.nextInt(1000);
            now += kind == 0 ? random.nextLong(2 * BURST.toNanos()) : kind < 20 ? random.nextLong(2_000_000) : 40;
            if (meter.tryTake(LIMIT, 1, now)) {
                starts[count++] = now;
            }
        }

        assertThat(mostAtOnceNanos(starts)).as("seed %d", SEED).isLessThanOrEqualTo(BURST.toNanos());
    }

    @Test
    void whatIsLeftOfAShareIsNoMoreThanTheBurstLeavesRoomFor() {
        meter.shareOut();
        for (int i = 0; i < 8; i++) {
            meter.tryTake(LIMIT, 1, 0);
        }

        // The bucket has grown full again, and of the last share seven are left.
        int atOnce = 0;
        while (meter.tryTake(LIMIT, 1, Shares.LIFE_NANOS - 1)) {
            atOnce++;
        }

        assertThat(atOnce).isLessThanOrEqualTo(1_666);
    }

    /** Real threads, because what they share is what is tried; time is a counter. */
    @Test
    void windowsHoldForThreadsThatCompete() throws InterruptedException {
        int threads = 4;
        AtomicLong clock = new AtomicLong();
        long[][] starts = new long[threads][];
        CountDownLatch ready = new CountDownLatch(threads);
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int mine = i;
            all[i] = new Thread(() -> {
                ready.countDown();
                starts[mine] = takeForALongTime(clock);
            });
            all[i].start();
        }
        for (Thread thread : all) {
            thread.join();
        }

        long[] together =
                Arrays.stream(starts).flatMapToLong(Arrays::stream).sorted().toArray();

        assertThat(together.length).isGreaterThan(1_666);
        assertThat(mostAtOnceNanos(together)).isLessThanOrEqualTo(BURST.toNanos());
    }

    private long[] takeForALongTime(AtomicLong clock) {
        long[] mine = new long[100_000];
        int count = 0;
        for (int i = 0; i < 100_000; i++) {
            long now = clock.addAndGet(500);
            if (meter.tryTake(LIMIT, 1, now)) {
                mine[count++] = now;
            }
        }
        return Arrays.copyOf(mine, count);
    }

    /** The largest sum of what was used in a window beyond what grows in it, over all windows. */
    private static long mostAtOnceNanos(long[] sortedStarts) {
        long most = 0;
        long level = 0;
        long before = sortedStarts[0];
        for (long start : sortedStarts) {
            level = Math.max(0, level - (start - before)) + UNIT_NANOS;
            before = start;
            most = Math.max(most, level);
        }
        return most;
    }

    @Test
    void whatIsUnusedOfASharedBurstIsLessThanOnePartIn64() {
        meter.shareOut();

        int taken = 0;
        while (meter.tryTake(LIMIT, 1, 0)) {
            taken++;
        }

        assertThat(taken).isBetween(1_666 - 1_666 / 64, 1_666);
    }

    @Test
    void requestOfALimitTooSmallToBeSharedIsTakenOneByOne() {
        Known small = Known.configured(60, Duration.ofSeconds(10));
        meter.shareOut();

        int taken = 0;
        while (meter.tryTake(small, 1, 0)) {
            taken++;
            assertThat(meter.fullAtNanos()).isEqualTo(taken * 1_000_000_000L);
        }

        assertThat(taken)
                .as("nine and a bit, since a share's life is missing from the burst")
                .isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void shareIsVoidWhenItsLifeIsOver(long beforeTheEnd) {
        meter.shareOut();
        for (int i = 0; i < 2; i++) {
            meter.tryTake(LIMIT, 1, 0);
        }
        long afterTwo = meter.fullAtNanos();

        meter.tryTake(LIMIT, 1, Shares.LIFE_NANOS - beforeTheEnd);

        // 1 alone, then 2 at once: a third one is there, until it is too old.
        assertThat(afterTwo).isEqualTo(3 * UNIT_NANOS);
        assertThat(meter.fullAtNanos() > afterTwo).isEqualTo(beforeTheEnd == 0);
    }

    @Test
    void whoWaitsReckonsWithABurstThatIsAShareShorter() {
        long costNanos = LIMIT.cost(1);
        assertThat(meter.start(LIMIT, BURST.toNanos(), costNanos, 0)).isEqualTo(costNanos);

        meter.shareOut();

        assertThat(meter.start(LIMIT, BURST.toNanos(), costNanos, 0)).isEqualTo(costNanos + Shares.LIFE_NANOS);
        assertThat(meter.start(Known.NOTHING, BURST.toNanos(), costNanos, 7)).isEqualTo(7);
    }

    @Test
    void sharesAreForBurstsOf64LivesAndOf512Requests() {
        assertThat(Shares.fit(64 * Shares.LIFE_NANOS)).isTrue();
        assertThat(Shares.fit(64 * Shares.LIFE_NANOS - 1)).isFalse();
        assertThat(Shares.pay(10, 5120)).isTrue();
        assertThat(Shares.pay(11, 5120)).isFalse();
        assertThat(Shares.pay(0, 5120))
                .as("what costs nothing need not be shared")
                .isFalse();
    }
}
