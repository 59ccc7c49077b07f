// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.failsafe.FailsafeExecutor;
import dev.failsafe.function.CheckedSupplier;
import dev.holdfast.AttemptFunction;
import dev.holdfast.Holdfast;
import dev.holdfast.target.Targets;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A guarded asynchronous call that succeeds at once. All threads share one target, one circuit, one retry. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AsyncBenchmark {
    private final CompletableFuture<String> done = CompletableFuture.completedFuture("x");
    private final Supplier<CompletionStage<String>> supplier = () -> done;

    private final Holdfast holdfast = Policies.holdfast();
    private final AttemptFunction<String> function = attempt -> done;
    private final Targets targets = Targets.named("openai/gpt-4o-mini");

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final Supplier<CompletionStage<String>> resilience4j = decorated();

    private final FailsafeExecutor<Object> failsafe = Policies.failsafe();
    private final CheckedSupplier<CompletionStage<String>> failsafeSupplier = () -> done;

    private Supplier<CompletionStage<String>> decorated() {
        CircuitBreaker circuit = Policies.resilience4jCircuit();
        Retry retry = Policies.resilience4jRetry();
        return Retry.decorateCompletionStage(
                retry, scheduler, CircuitBreaker.decorateCompletionStage(circuit, supplier));
    }

    /** Ends the peer's scheduler. */
    @TearDown
    public void stop() {
        scheduler.shutdownNow();
    }

    @Benchmark
    public Object raw() {
        return supplier.get();
    }

    @Benchmark
    public Object holdfast() {
        return holdfast.call(targets, function);
    }

    @Benchmark
    public Object resilience4j() {
        return resilience4j.get();
    }

    @Benchmark
    public Object failsafe() {
        return failsafe.getStageAsync(failsafeSupplier).join();
    }
}
