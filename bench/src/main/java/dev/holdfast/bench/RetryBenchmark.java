// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.failsafe.FailsafeExecutor;
import dev.holdfast.Holdfast;
import dev.holdfast.target.Targets;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A call whose first attempt fails and whose second succeeds, without any wait between them. The exception is made once,
 * so that its stack trace is not what is measured. The caller waits for the result; an asynchronous retry crosses threads
 * with everybody, so its time is that of the crossing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RetryBenchmark {
    private static final IllegalStateException ERROR = new IllegalStateException("the server is down");

    private final CompletableFuture<String> done = CompletableFuture.completedFuture("x");
    private final CompletableFuture<String> failed = CompletableFuture.failedFuture(ERROR);
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    private final Holdfast holdfast = Policies.holdfastWithoutWaits();
    private final Targets targets = Targets.named("openai/gpt-4o-mini");

    private final CircuitBreaker circuit = Policies.resilience4jCircuitThatNeverOpens();
    private final Retry retry = Policies.resilience4jRetryWithoutWaits();
    private final FailsafeExecutor<Object> failsafe = Policies.failsafeWithoutWaits();

    /** Ends the peer's scheduler. */
    @TearDown
    public void stop() {
        scheduler.shutdownNow();
    }

    @Benchmark
    public Object asyncHoldfast() {
        return holdfast.call(targets, attempt -> attempt.number() == 1 ? failed : done)
                .join();
    }

    @Benchmark
    public Object asyncResilience4j() {
        Turn turn = new Turn();
        return Retry.decorateCompletionStage(
                        retry,
                        scheduler,
                        CircuitBreaker.decorateCompletionStage(circuit, () -> turn.first() ? failed : done))
                .get()
                .toCompletableFuture()
                .join();
    }

    @Benchmark
    public Object asyncFailsafe() {
        return failsafe.<String>getStageAsync(context -> context.getAttemptCount() == 0 ? failed : done)
                .join();
    }

    @Benchmark
    public Object blockingHoldfast() {
        return holdfast.blocking().call(targets, attempt -> fails(attempt.number() == 1));
    }

    @Benchmark
    public Object blockingResilience4j() {
        Turn turn = new Turn();
        return Retry.decorateSupplier(retry, CircuitBreaker.decorateSupplier(circuit, () -> fails(turn.first())))
                .get();
    }

    @Benchmark
    public Object blockingFailsafe() {
        return failsafe.get(context -> fails(context.getAttemptCount() == 0));
    }

    private static String fails(boolean first) {
        if (first) {
            throw ERROR;
        }
        return "x";
    }

    /** The peer does not tell an attempt its number. */
    private static final class Turn {
        private int taken;

        boolean first() {
            return taken++ == 0;
        }
    }
}
