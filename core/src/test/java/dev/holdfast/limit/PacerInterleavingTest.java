// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import dev.holdfast.Interleavings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request or one token a second, in all interleavings of few steps. */
class PacerInterleavingTest {
    private static final int THREADS = 8;
    private static final long SECOND = 1_000_000_000L;

    /** The checker makes the objects that it plays with, so what they are made of stands here. */
    private static volatile int burst;

    /** One limit: starts are what they would be one after the other. Each thread gives back its own latest. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Requests {
        private final Pacer pacer = new Pacer(new PacerConfig(60, 0, Duration.ofSeconds(burst), false));
        private final long[] latest = new long[THREADS];

        @Operation
        public long reserve(@Param(name = "thread") int thread) {
            long start = pacer.reserve(0, SECOND);
            latest[thread] = start;
            return start;
        }

        @Operation
        public boolean cancel(@Param(name = "thread") int thread) {
            if (latest[thread] == 0) {
                return false;
            }
            pacer.cancel(0, latest[thread], SECOND);
            latest[thread] = 0;
            return true;
        }
    }

    /** The other limit, with corrections. */
    @Param(name = "tokens", gen = IntGen.class, conf = "0:3")
    public static class Tokens {
        private final Pacer pacer = new Pacer(new PacerConfig(0, 60, Duration.ofSeconds(burst), false));

        @Operation
        public long reserve(@Param(name = "tokens") int tokens) {
            return pacer.reserve(tokens, SECOND);
        }

        @Operation
        public void settle(@Param(name = "tokens") int actual) {
            pacer.settle(2, actual, SECOND);
        }
    }

    /** Both limits, and clocks that do not agree: no window sees more than either allows. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "now", gen = IntGen.class, conf = "1:4")
    @Param(name = "tokens", gen = IntGen.class, conf = "0:3")
    public static class Both {
        private static final long TOKENS = 90;

        private final Pacer pacer = new Pacer(new PacerConfig(60, TOKENS, Duration.ofSeconds(burst), false));
        private final List<List<Start>> starts = new ArrayList<>();

        public Both() {
            for (int i = 0; i < THREADS; i++) {
                starts.add(new ArrayList<>());
            }
        }

        @Operation
        public void reserve(
                @Param(name = "thread") int thread, @Param(name = "tokens") int tokens, @Param(name = "now") int now) {
            starts.get(thread).add(new Start(pacer.reserve(tokens, now * SECOND), tokens));
        }

        /** One that waits by the earliest clock that there is, though by a later one it may have started. */
        @Operation
        public void cancel(@Param(name = "thread") int thread) {
            List<Start> mine = starts.get(thread);
            if (!mine.isEmpty() && mine.get(mine.size() - 1).atNanos > SECOND) {
                Start start = mine.remove(mine.size() - 1);
                pacer.cancel(start.tokens, start.atNanos, SECOND);
            }
        }

        @Validate
        public void noWindowSeesMoreThanIsAllowed() {
            List<Start> all = new ArrayList<>();
            starts.forEach(all::addAll);
            Collections.sort(all);
            for (int from = 0; from < all.size(); from++) {
                long sum = 0;
                for (int to = from; to < all.size(); to++) {
                    sum += all.get(to).tokens;
                    double seconds = (all.get(to).atNanos - all.get(from).atNanos) / 1e9;
                    boolean kept = to - from + 1 <= seconds + burst + 1e-6
                            && sum <= TOKENS / 60.0 * seconds + Math.max(3, TOKENS / 60.0 * burst) + 1e-6;
                    if (!kept) {
                        throw new IllegalStateException(all + " is more than is allowed");
                    }
                }
            }
        }
    }

    private record Start(long atNanos, long tokens) implements Comparable<Start> {
        @Override
        public int compareTo(Start other) {
            return Long.compare(atNanos, other.atNanos);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void requestsStartAsIfTheyHadAskedOneAfterTheOther(int seconds) {
        burst = seconds;

        Interleavings.check(Requests.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void tokensAreTakenAndCorrectedAsIfOneAfterTheOther(int seconds) {
        burst = seconds;

        Interleavings.check(Tokens.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void bothLimitsHoldInEveryWindow(int seconds) {
        burst = seconds;

        Interleavings.checkEnds(Both.class);
    }
}
