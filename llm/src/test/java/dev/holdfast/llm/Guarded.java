// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.retry.Backoff;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.WheelTimer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Guarded models in front of a simulator, over real sockets. Everything is its own: engine, timer, executor, transport;
 * closing it checks that nothing is left behind, at either end.
 */
public final class Guarded implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    public final Simulator simulator;
    public final Holdfast engine;
    public final JdkTransport transport;
    public final List<HoldfastEvent> events = new CopyOnWriteArrayList<>();
    private final ExecutorService executor;
    private final WheelTimer timer = new WheelTimer(Ticker.system(), "guarded-test-timer");

    public Guarded() throws IOException {
        this(config -> config);
    }

    /** Two attempts, 5 ms apart, and no circuit, unless changed. */
    public Guarded(UnaryOperator<ResilienceConfig> change) throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
        executor = Executors.newFixedThreadPool(8, work -> {
            Thread thread = new Thread(work, "guarded-test");
            thread.setDaemon(true);
            return thread;
        });
        transport = new JdkTransport(executor);
        ResilienceConfig config = ResilienceConfig.defaults()
                .withMaxAttempts(2)
                .withBackoff(Backoff.fixed(Duration.ofMillis(5)))
                .withCircuit(CircuitConfig.disabled());
        engine = Holdfast.builder()
                .config(change.apply(config))
                .time(Ticker.system(), timer)
                .executor(executor)
                .listener(events::add)
                .build();
    }

    /** Models of the simulator, in failover order. */
    public Llm llm(String... names) {
        return builder().targets(names).build();
    }

    public Llm.Builder builder() {
        return Llm.builder()
                .environment(name ->
                        "SIM_BASE_URL".equals(name) ? simulator.baseUri().toString() : null)
                .transport(transport)
                .holdfast(engine);
    }

    public ExecutorService executor() {
        return executor;
    }

    /** How many requests reached the simulator. */
    public long requests() {
        return simulator.stats().requests();
    }

    /** Waits for what happens on other threads; fails with the words given when it does not. */
    public static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("waiting until " + what).isLessThan(PATIENCE_NANOS);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /** Everything that was taken is back, on both sides of the wire. */
    public void assertNothingIsLeft() {
        Conservation.awaitAllReturned(engine);
        await("no exchange is in flight", () -> transport.inFlight() == 0);
        await("the simulator has nothing open", () -> simulator.stats().open() == 0);
    }

    @Override
    public void close() {
        try {
            assertNothingIsLeft();
        } finally {
            transport.close();
            simulator.close();
            timer.close();
            executor.shutdownNow();
        }
    }
}
