// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Targets;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.WheelTimer;
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
    private final CompletableFuture<String> failed = CompletableFuture.failedFuture(new IllegalStateException("down"));
    private final AttemptFunction<String> function = attempt -> done;
    private final BlockingAttemptFunction<String> blockingFunction = attempt -> "x";
    private long seen;

    @Test
    void asynchronousCallThatSucceedsAtOnceTakes96Bytes() {
        long bytes = leastBytes(() -> holdfast.call(targets, function).isDone() ? 1 : 0);

        assertThat(bytes).isBetween(1L, 96L);
    }

    @Test
    void blockingCallThatSucceedsTakes72Bytes() {
        BlockingHoldfast blocking = holdfast.blocking();

        long bytes = leastBytes(() -> blocking.call(targets, blockingFunction).length());

        assertThat(bytes).isBetween(1L, 72L);
    }

    /** Counted without the future, which is the caller's; a few bytes more are what else the heap took meanwhile. */
    @Test
    void retryThatWaitsHolds250Bytes() {
        int calls = 200_000;
        int futureBytes = 24;
        WheelTimer timer = new WheelTimer(Ticker.system(), "allocation-timer");
        Holdfast patient = Holdfast.builder()
                .config(ResilienceConfig.defaults()
                        .withBackoff(Backoff.fixed(Duration.ofMinutes(4)))
                        .withCircuit(CircuitConfig.disabled())
                        .withBudget(BudgetConfig.disabled()))
                .time(Ticker.system(), timer)
                .build();
        AttemptFunction<String> down = attempt -> failed;
        assertThat(patient.call(targets, down)).isNotDone();
        CompletableFuture<?>[] waiting = new CompletableFuture<?>[calls];

        long before = usedBytes();
        for (int i = 0; i < calls; i++) {
            waiting[i] = patient.call(targets, down);
        }
        long bytes = (usedBytes() - before) / calls - futureBytes;

        assertThat(timer.pending()).isEqualTo(calls + 1);
        assertThat(bytes).isBetween(100L, 250L);
        for (CompletableFuture<?> call : waiting) {
            call.cancel(true);
        }
        assertThat(timer.pending()).isEqualTo(1);
        timer.close();
    }

    private static long usedBytes() {
        long leastBytes = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            leastBytes = Math.min(
                    leastBytes,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return leastBytes;
    }

    @Test
    void failuresInTheSameWordsHoldThemOnce() {
        AttemptFunction<String> down =
                attempt -> CompletableFuture.failedFuture(new IllegalStateException(new String("down")));

        String first = messageOf(holdfast.call(targets, CallOptions.none().withMaxAttempts(1), down));
        String second = messageOf(holdfast.call(targets, CallOptions.none().withMaxAttempts(1), down));

        assertThat(first).isEqualTo("IllegalStateException: down");
        assertThat(second).isSameAs(first);
    }

    private static String messageOf(CompletableFuture<?> call) {
        CallException error = (CallException) Errors.of(call);
        return error.report().attempts().get(0).failure().message();
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
