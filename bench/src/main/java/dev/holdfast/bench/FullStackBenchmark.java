// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.AttemptFunction;
import dev.holdfast.BlockingAttemptFunction;
import dev.holdfast.BlockingHoldfast;
import dev.holdfast.Holdfast;
import dev.holdfast.target.Targets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A guarded call that succeeds at once with everything on that has no wait of its own: retry, budget, circuit, a pacer whose
 * limits are never reached, timeouts and deadline. To be set beside the peers of {@link AsyncBenchmark} and {@link
 * BlockingBenchmark}, which have retry and circuit breaker only.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FullStackBenchmark {
    private final CompletableFuture<String> done = CompletableFuture.completedFuture("x");
    private final String answer = "x";

    private final Holdfast holdfast = Policies.holdfastWithEverything();
    private final BlockingHoldfast blocking = holdfast.blocking();
    private final AttemptFunction<String> function = attempt -> done;
    private final BlockingAttemptFunction<String> blockingFunction = attempt -> answer;
    private final Targets targets = Targets.named("openai/gpt-4o-mini");

    @Benchmark
    public Object async() {
        return holdfast.call(targets, function);
    }

    @Benchmark
    public Object blocking() {
        return blocking.call(targets, blockingFunction);
    }
}
