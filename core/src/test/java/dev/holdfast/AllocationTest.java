// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.holdfast.target.Targets;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a guarded call leaves on the heap. Counted, not timed: bytes are exact on any machine. */
@Timeout(120)
class AllocationTest {
    private static final int CALLS = 20_000;

    /** Enough for the compiler to have seen everything; the count is the same long before. */
    private static final int ROUNDS = 40;

    private final Holdfast holdfast = Holdfast.builder()
            .config(ResilienceConfig.defaults().withDeadline(Duration.ofMinutes(10)))
            .build();
    private final Targets targets = Targets.named("a/one");
    private final CompletableFuture<String> done = CompletableFuture.completedFuture("x");
    private final AttemptFunction<String> function = attempt -> done;
    private final BlockingAttemptFunction<String> blockingFunction = attempt -> "x";
    private long seen;

    @Test
    void asynchronousCallThatSucceedsAtOnceTakes120Bytes() {
        long bytes = leastBytes(() -> holdfast.call(targets, function).isDone() ? 1 : 0);

        assertThat(bytes).isBetween(1L, 120L);
    }

    @Test
    void blockingCallThatSucceedsTakes160Bytes() {
        BlockingHoldfast blocking = holdfast.blocking();

        long bytes = leastBytes(() -> blocking.call(targets, blockingFunction).length());

        assertThat(bytes).isBetween(1L, 160L);
    }

    private long leastBytes(LongSupplier call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long leastBytes = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                seen += call.getAsLong();
            }
            leastBytes = Math.min(leastBytes, (threads.getCurrentThreadAllocatedBytes() - before) / CALLS);
        }
        assertThat(seen).isPositive();
        return leastBytes;
    }
}
