// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.function.CheckedSupplier;
import dev.holdfast.AttemptFunction;
import dev.holdfast.CallRejectedException;
import dev.holdfast.Holdfast;
import dev.holdfast.circuit.Circuit;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Calls that an open circuit rejects: its "no" alone, and the whole call with its exception. The circuit's "no" is given
 * the time, so that it stands beside the clock and not on top of it; the peers read the clock themselves.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RejectionBenchmark {
    private static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Circuit circuit = tripped();
    private long nowNanos = 1;

    private final CompletableFuture<String> done = CompletableFuture.completedFuture("x");
    private final AttemptFunction<String> function = attempt -> done;
    private final Targets targets = Targets.named("openai/gpt-4o-mini");
    private final Holdfast holdfast = rejecting(targets);

    private final CircuitBreaker resilience4jCircuit = openResilience4j();
    private final Supplier<String> resilience4j = CircuitBreaker.decorateSupplier(resilience4jCircuit, () -> "x");

    private final dev.failsafe.CircuitBreaker<Object> failsafeCircuit = openFailsafe();
    private final FailsafeExecutor<Object> failsafe = Failsafe.with(failsafeCircuit);
    private final CheckedSupplier<String> failsafeSupplier = () -> "x";

    private static Circuit tripped() {
        Circuit circuit = new Circuit(
                CircuitConfig.defaults(),
                () -> ThreadLocalRandom.current().nextLong(),
                () -> 0,
                (from, to, nowNanos) -> {});
        Failure failure = Failure.of(Category.SERVER_ERROR, "bench", "the server is down");
        for (int i = 0; i < CircuitConfig.defaults().failureThreshold(); i++) {
            circuit.failure(Objects.requireNonNull(circuit.tryAcquire(0, LEASE_NANOS)), failure, 1, 0);
        }
        return circuit;
    }

    private static Holdfast rejecting(Targets targets) {
        Holdfast holdfast = Policies.holdfast();
        for (Target target : targets.order()) {
            holdfast.forceOpen(target);
        }
        return holdfast;
    }

    private static CircuitBreaker openResilience4j() {
        CircuitBreaker circuit = Policies.resilience4jCircuit();
        circuit.transitionToForcedOpenState();
        return circuit;
    }

    private static dev.failsafe.CircuitBreaker<Object> openFailsafe() {
        dev.failsafe.CircuitBreaker<Object> circuit = dev.failsafe.CircuitBreaker.builder()
                .withFailureThreshold(50, 100)
                .withDelay(Duration.ofHours(1))
                .build();
        circuit.open();
        return circuit;
    }

    @Benchmark
    public boolean noHoldfast() {
        return circuit.tryAcquire(nowNanos, LEASE_NANOS) == null;
    }

    @Benchmark
    public boolean noResilience4j() {
        return resilience4jCircuit.tryAcquirePermission();
    }

    @Benchmark
    public boolean noFailsafe() {
        return failsafeCircuit.tryAcquirePermit();
    }

    @Benchmark
    public Object callHoldfast() {
        return holdfast.call(targets, function);
    }

    @Benchmark
    public Object blockingHoldfast() {
        try {
            return holdfast.blocking().call(targets, attempt -> "x");
        } catch (CallRejectedException rejection) {
            return rejection;
        }
    }

    @Benchmark
    public Object callResilience4j() {
        try {
            return resilience4j.get();
        } catch (CallNotPermittedException rejection) {
            return rejection;
        }
    }

    @Benchmark
    public Object callFailsafe() {
        try {
            return failsafe.get(failsafeSupplier);
        } catch (CircuitBreakerOpenException rejection) {
            return rejection;
        }
    }
}
