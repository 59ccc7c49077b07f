// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static dev.holdfast.VirtualHoldfast.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.event.HoldfastEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads in real time, because what is looked for here are races: whatever happens, everything comes back. */
class StormTest {
    private static final Targets TARGETS = Targets.named("a/one", "b/two", "c/three");
    private static final int THREADS = 64;
    private static final int IN_FLIGHT = 2_000;

    /** So many attempts long. */
    private static final int SPELL = 1_000;

    private static final TimeoutConfig TIMEOUTS = TimeoutConfig.defaults().withAttempt(Duration.ofMillis(40));

    private final LongAdder attempts = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final Map<Target, LiveProbes> probes =
            TARGETS.order().stream().collect(Collectors.toMap(target -> target, target -> new LiveProbes()));
    private final Semaphore room = new Semaphore(IN_FLIGHT);

    private static ResilienceConfig config(ResilienceConfig from) {
        return from.withBackoff(Backoff.exponential(Duration.ofMillis(2), 2, Duration.ofMillis(20)))
                .withTimeouts(TIMEOUTS)
                // The ramp and its queue are part of the storm, but most calls must get through to be one.
                .withLimits(from.limits().withRamp(from.limits().ramp().withFloor(100)))
                .withBudget(BudgetConfig.disabled())
                .withCircuit(CircuitConfig.defaults()
                        .withRecovery(Duration.ofMillis(50))
                        .withMaxRecovery(Duration.ofMillis(50))
                        .withWindow(100, Duration.ofSeconds(1)));
    }

    @Test
    @Timeout(240)
    void nothingIsLeftBehindByAHundredThousandCalls() throws Exception {
        int calls = 100_000;
        LongAdder made = new LongAdder();
        ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
        try (RealHoldfast real = new RealHoldfast(builder -> builder.config(config(ResilienceConfig.defaults())))) {
            // On a slow machine more calls than here are rejected while all circuits are open: go on until it was a
            // storm.
            onManyThreads(calls, () -> attempts.sum() < 50_000, random -> {
                made.increment();
                room.acquireUninterruptibly();
                CompletableFuture<String> call =
                        real.engine.call(TARGETS, options(random), attempt -> attempt(attempt, random, later));
                call.whenComplete((value, error) -> {
                    done.increment();
                    room.release();
                });
                if (call.isCompletedExceptionally()) {
                    // Mostly rejected: without a rest the calls would be used up while all circuits are open.
                    LockSupport.parkNanos(5_000_000);
                }
                if (random.nextInt(100) < 10) {
                    later.schedule(() -> call.cancel(true), random.nextInt(4_000), TimeUnit.MICROSECONDS);
                }
            });
            assertThat(room.tryAcquire(IN_FLIGHT, 60, TimeUnit.SECONDS)).isTrue();

            assertThat(done.sum()).isEqualTo(made.sum()).isGreaterThanOrEqualTo(calls);
            real.awaitAllReturned();
            assertThat(attempts.sum()).isGreaterThanOrEqualTo(50_000);
            assertThat(probes.values())
                    .allSatisfy(ofTarget -> assertThat(ofTarget.most()).isBetween(1, 3));
        } finally {
            later.shutdownNow();
        }
    }

    @Test
    @Timeout(120)
    void eventsKeepTheirRulesWhateverRacesWithWhat() throws Exception {
        ConcurrentLinkedQueue<HoldfastEvent> events = new ConcurrentLinkedQueue<>();
        ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
        try (RealHoldfast real = new RealHoldfast(
                builder -> builder.config(config(ResilienceConfig.defaults())).listener(events::add))) {
            onManyThreads(8_000, () -> false, random -> {
                room.acquireUninterruptibly();
                boolean stream = random.nextBoolean();
                CompletableFuture<String> call = real.engine.call(
                        TARGETS,
                        options(random),
                        attempt -> stream ? stream(attempt, random, later) : attempt(attempt, random, later));
                call.whenComplete((value, error) -> room.release());
                if (random.nextInt(100) < 30) {
                    later.schedule(() -> call.cancel(true), random.nextInt(3_000), TimeUnit.MICROSECONDS);
                }
            });
            assertThat(room.tryAcquire(IN_FLIGHT, 60, TimeUnit.SECONDS)).isTrue();
            real.awaitAllReturned();
            real.engine.eventsDelivered().get(30, TimeUnit.SECONDS);

            EventRules.check(new ArrayList<>(events));
        } finally {
            later.shutdownNow();
        }
    }

    @Test
    @Timeout(120)
    void blockingCallsLeaveNothingBehindEither() throws Exception {
        int calls = 6_000;
        LongAdder leaked = new LongAdder();
        try (RealHoldfast real = new RealHoldfast(builder -> builder.config(config(ResilienceConfig.defaults())))) {
            onManyThreads(calls, () -> false, random -> {
                boolean[] interruptedByOthers = {false};
                try {
                    real.engine.blocking().call(TARGETS, options(random), attempt -> {
                        attempts.increment();
                        int dice = random.nextInt(100);
                        if (dice < 3) {
                            Thread.sleep(60);
                        } else if (dice < 6) {
                            interruptedByOthers[0] = true;
                            Thread.currentThread().interrupt();
                        }
                        if (dice >= 3 && dice < 36) {
                            throw fault(Category.SERVER_ERROR);
                        }
                        return "hello";
                    });
                } catch (CallException e) {
                    if (e.category() == Category.CANCELLED) {
                        assertThat(Thread.interrupted()).isTrue();
                    }
                } finally {
                    done.increment();
                    leaked.add(Thread.interrupted() && !interruptedByOthers[0] ? 1 : 0);
                }
            });

            assertThat(done.sum()).isEqualTo(calls);
            assertThat(leaked.sum()).isZero();
            real.awaitAllReturned();
        }
    }

    private static CallOptions options(SplittableRandom random) {
        return random.nextInt(10) == 0 ? CallOptions.deadline(Duration.ofMillis(5)) : CallOptions.none();
    }

    /** Succeeds, fails or hangs, at once or a little later; counts the probes that are on their way. */
    private CompletableFuture<String> attempt(
            Attempt attempt, SplittableRandom random, ScheduledExecutorService later) {
        attempts.increment();
        // Each target in turn has its bad time, so that circuits open and probe.
        long down = attempts.sum() / SPELL % (TARGETS.order().size() + 1);
        if (down == TARGETS.order().indexOf(attempt.target())) {
            return counted(attempt, () -> CompletableFuture.failedFuture(fault(Category.SERVER_ERROR)));
        }
        return counted(attempt, () -> work(random, later));
    }

    private CompletableFuture<String> counted(Attempt attempt, Supplier<CompletableFuture<String>> work) {
        return attempt instanceof AttemptRun<?> run && run.isProbe()
                ? probes.get(attempt.target()).counted(run, work)
                : work.get();
    }

    private static CompletableFuture<String> work(SplittableRandom random, ScheduledExecutorService later) {
        int dice = random.nextInt(100);
        if (dice < 2) {
            return new CompletableFuture<>();
        }
        boolean fails = dice < 32;
        if (dice % 2 == 0) {
            return fails
                    ? CompletableFuture.failedFuture(fault(Category.SERVER_ERROR))
                    : CompletableFuture.completedFuture("hello");
        }
        CompletableFuture<String> stage = new CompletableFuture<>();
        later.schedule(
                () -> fails ? stage.completeExceptionally(fault(Category.SERVER_ERROR)) : stage.complete("hello"),
                random.nextInt(2_000),
                TimeUnit.MICROSECONDS);
        return stage;
    }

    /** Commits, ends, fails and leaves from several threads at about the same moment. */
    private static CompletableFuture<String> stream(
            Attempt attempt, SplittableRandom random, ScheduledExecutorService later) {
        OngoingAttempt handle = attempt.goesOn();
        CompletableFuture<String> stage = new CompletableFuture<>();
        int delay = random.nextInt(3_000);
        later.schedule(() -> stage.complete("hello"), delay, TimeUnit.MICROSECONDS);
        Runnable end =
                switch (random.nextInt(4)) {
                    case 0 -> handle::end;
                    case 1 -> () -> handle.fail(fault(Category.STREAM_INTERRUPTED));
                    case 2 -> handle::cancel;
                    default -> handle::contentArrived;
                };
        later.schedule(end, delay + random.nextInt(20), TimeUnit.MICROSECONDS);
        return stage;
    }

    private interface OneCall {
        void make(SplittableRandom random);
    }

    /** @param more whether to go on when all calls were made */
    private static void onManyThreads(int calls, BooleanSupplier more, OneCall call) throws InterruptedException {
        long seed = 20_261_122L;
        List<Thread> threads = new ArrayList<>();
        List<Throwable> thrown = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int share = calls / THREADS + (t < calls % THREADS ? 1 : 0);
            // Each call has its own source: attempts of one call never run at the same time, those of two do.
            SplittableRandom seeds = new SplittableRandom(seed + t);
            Thread thread = new Thread(() -> {
                for (int i = 0; i < share || more.getAsBoolean(); i++) {
                    call.make(seeds.split());
                }
            });
            thread.setUncaughtExceptionHandler((where, error) -> {
                synchronized (thrown) {
                    thrown.add(error);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(thrown).as("seed %d", seed).isEmpty();
    }
}
