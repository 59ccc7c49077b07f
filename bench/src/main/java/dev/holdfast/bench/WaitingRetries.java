// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.AttemptFunction;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.retry.RetryConfig;
import dev.holdfast.target.Targets;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.WheelTimer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A million calls that have failed once and wait for their retry: what each holds, and what is left when all are cancelled.
 * To be run in a process of its own; prints two numbers, bytes for each call and timers left.
 */
final class WaitingRetries {
    private static final int CALLS = 1_000_000;

    private WaitingRetries() {}

    public static void main(String[] args) {
        WheelTimer timer = new WheelTimer(Ticker.system(), "bench-timer");
        RetryConfig retry = RetryConfig.defaults()
                .withBackoff(Backoff.fixed(Duration.ofHours(1)))
                .withMaxWait(Duration.ofHours(2));
        Holdfast holdfast = Holdfast.builder()
                .config(ResilienceConfig.defaults()
                        .withRetry(retry)
                        .withBudget(BudgetConfig.disabled())
                        .withCircuit(CircuitConfig.disabled()))
                .time(Ticker.system(), timer)
                .build();
        Targets targets = Targets.named("openai/gpt-4o-mini");
        CompletableFuture<Object> failed = CompletableFuture.failedFuture(new IllegalStateException("down"));
        // Made once: the closure is the user's own too.
        AttemptFunction<Object> function = attempt -> failed;
        CompletableFuture<?>[] own = new CompletableFuture<?>[CALLS];
        CompletableFuture<?>[] calls = new CompletableFuture<?>[CALLS];

        long emptyBytes = usedBytes();
        for (int i = 0; i < CALLS; i++) {
            own[i] = new CompletableFuture<>();
        }
        long withFuturesBytes = usedBytes();
        for (int i = 0; i < CALLS; i++) {
            calls[i] = holdfast.call(targets, function);
        }
        long withCallsBytes = usedBytes();
        if (timer.pending() != CALLS) {
            throw new IllegalStateException("only " + timer.pending() + " calls wait");
        }
        // The future is the caller's own and would be there without us too.
        long futuresBytes = withFuturesBytes - emptyBytes;
        long eachBytes = (withCallsBytes - withFuturesBytes - futuresBytes) / CALLS;
        for (CompletableFuture<?> call : calls) {
            call.cancel(true);
        }
        System.out.println(eachBytes + " " + timer.pending() + " " + own.length);
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
}
