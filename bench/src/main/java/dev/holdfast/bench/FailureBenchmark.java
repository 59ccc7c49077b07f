// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.failsafe.FailsafeExecutor;
import dev.holdfast.AttemptFunction;
import dev.holdfast.BlockingAttemptFunction;
import dev.holdfast.CallException;
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

/**
 * A call whose only attempt fails for a reason that no policy retries or counts. The error is made once, so that it is not
 * what is measured; Holdfast makes an exception with a report of the attempts of it, the peers pass it on.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FailureBenchmark {
    private static final RefusedException ERROR = new RefusedException();

    private final CompletableFuture<String> failed = CompletableFuture.failedFuture(ERROR);

    private final Holdfast holdfast = Policies.holdfast();
    private final AttemptFunction<String> function = attempt -> failed;
    private final BlockingAttemptFunction<String> blocking = attempt -> refuse();
    private final Targets targets = Targets.named("openai/gpt-4o-mini");

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final CircuitBreaker circuit = Policies.resilience4jCircuit();
    private final Retry retry = Policies.resilience4jRetry();
    private final Supplier<CompletionStage<String>> resilience4j = Retry.decorateCompletionStage(
            retry, scheduler, CircuitBreaker.decorateCompletionStage(circuit, () -> failed));
    private final Supplier<String> resilience4jBlocking =
            Retry.decorateSupplier(retry, CircuitBreaker.decorateSupplier(circuit, FailureBenchmark::refuse));

    private final FailsafeExecutor<Object> failsafe = Policies.failsafe();

    private static String refuse() {
        throw ERROR;
    }

    /** Ends the peer's scheduler. */
    @TearDown
    public void stop() {
        scheduler.shutdownNow();
    }

    @Benchmark
    public Object asyncHoldfast() {
        return holdfast.call(targets, function);
    }

    @Benchmark
    public Object asyncResilience4j() {
        return resilience4j.get();
    }

    @Benchmark
    public Object asyncFailsafe() {
        return failsafe.getStageAsync(() -> failed)
                .handle((value, error) -> error)
                .join();
    }

    @Benchmark
    public Object blockingHoldfast() {
        try {
            return holdfast.blocking().call(targets, blocking);
        } catch (CallException error) {
            return error;
        }
    }

    @Benchmark
    public Object blockingResilience4j() {
        try {
            return resilience4jBlocking.get();
        } catch (RefusedException error) {
            return error;
        }
    }

    @Benchmark
    public Object blockingFailsafe() {
        try {
            return failsafe.get(FailureBenchmark::refuse);
        } catch (RefusedException error) {
            return error;
        }
    }
}
