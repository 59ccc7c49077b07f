// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.failsafe.FailsafeExecutor;
import dev.failsafe.function.CheckedSupplier;
import dev.holdfast.BlockingAttemptFunction;
import dev.holdfast.BlockingHoldfast;
import dev.holdfast.target.Targets;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A guarded blocking call that succeeds at once. Holdfast watches it: an attempt that takes too long is interrupted, and
 * the call's deadline holds. The peers here have no timeout, because theirs need a thread of their own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BlockingBenchmark {
    private final String answer = "x";
    private final Supplier<String> supplier = () -> answer;

    private final BlockingHoldfast holdfast = Policies.holdfast().blocking();
    private final BlockingAttemptFunction<String> function = attempt -> answer;
    private final Targets targets = Targets.named("openai/gpt-4o-mini");

    private final Supplier<String> resilience4j = Retry.decorateSupplier(
            Policies.resilience4jRetry(), CircuitBreaker.decorateSupplier(Policies.resilience4jCircuit(), supplier));

    private final FailsafeExecutor<Object> failsafe = Policies.failsafe();
    private final CheckedSupplier<String> failsafeSupplier = () -> answer;

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
        return failsafe.get(failsafeSupplier);
    }
}
