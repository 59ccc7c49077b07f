// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The circuit beside a small model that is slow and obvious. */
class CircuitModelTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LEASE = 5 * SECOND;
    private static final Failure FAILURE = Failure.of(Category.SERVER_ERROR, "test", "made up");
    private static final Failure NO_EVIDENCE = Failure.of(Category.INVALID_REQUEST, "test", "made up");

    private record Step(int kind, int number) {}

    @ParameterizedTest
    @CsvSource({"1,1,1,1", "1,2,1,2", "2,3,2,1", "3,3,3,2", "3,2,1,1", "64,64,64,3", "2,20,3,1"})
    void circuitBehavesLikeItsModel(int threshold, int minimum, int places, int successes) {
        CircuitConfig config = CircuitConfig.defaults()
                .withFailureThreshold(threshold)
                .withMinimumAttempts(minimum)
                .withHalfOpen(places, successes)
                .withRecovery(Duration.ofSeconds(10))
                .withMaxRecovery(Duration.ofSeconds(10))
                .withWindow(Math.max(minimum, 2 * threshold), Duration.ofSeconds(1000));

        RandomRuns.play(
                threshold * 1000L + minimum,
                400,
                300,
                random -> new Step(random.nextInt(100), random.nextInt(8)),
                steps -> compare(config, steps));
    }

    private static void compare(CircuitConfig config, List<Step> steps) {
        Circuit circuit = new Circuit(config, new SplittableRandom(1), () -> 0, (from, info, nowNanos) -> {});
        Model model = new Model(config);
        List<Permit> permits = new ArrayList<>();
        List<Model.Lease> leases = new ArrayList<>();
        long now = 0;
        for (Step step : steps) {
            int kind = step.kind();
            if (kind < 40) {
                assertThat(circuit.admits(now)).isEqualTo(model.admits(now));
                Permit permit = circuit.tryAcquire(now, LEASE);
                Model.Lease lease = model.acquire(now);
                assertThat(permit != null).isEqualTo(lease != null);
                if (permit != null) {
                    permits.add(permit);
                    leases.add(lease);
                }
            } else if (kind < 94 && !permits.isEmpty()) {
                int which = step.number() % permits.size();
                Permit permit = permits.remove(which);
                Model.Lease lease = leases.remove(which);
                if (kind < 55) {
                    circuit.success(permit, 1, now);
                    model.ended(lease, true, now);
                } else if (kind < 85) {
                    circuit.failure(permit, FAILURE, 1, now);
                    model.ended(lease, false, now);
                } else {
                    if (kind < 90) {
                        circuit.failure(permit, NO_EVIDENCE, 1, now);
                    } else {
                        circuit.release(permit);
                    }
                    model.released(lease);
                }
            } else if (kind < 97) {
                now += step.number() * SECOND;
            } else if (kind == 97) {
                circuit.forceOpen(now);
                model.set(CircuitState.OPEN, true, Long.MAX_VALUE);
            } else if (kind == 98) {
                circuit.forceClosed(now);
                model.set(CircuitState.CLOSED, true, 0);
            } else {
                circuit.reset(now);
                model.set(CircuitState.CLOSED, false, 0);
            }
            assertThat(circuit.state()).isEqualTo(model.state);
            assertThat(circuit.liveProbes(now))
                    .isEqualTo(model.live(now))
                    .isLessThanOrEqualTo(config.halfOpenMaxCalls());
        }
    }

    /** One generation is one stay in a state; what is older moves nothing. */
    private static final class Model {
        private record Lease(int generation, boolean probe, long until) {}

        private final CircuitConfig config;
        private final Deque<Boolean> window = new ArrayDeque<>();
        private final List<Lease> live = new ArrayList<>();
        private CircuitState state = CircuitState.CLOSED;
        private boolean forced;
        private int generation;
        private long openUntil;
        private int successes;

        Model(CircuitConfig config) {
            this.config = config;
        }

        void set(CircuitState to, boolean byHand, long until) {
            state = to;
            forced = byHand;
            openUntil = until;
            generation++;
            successes = 0;
            window.clear();
        }

        long live(long now) {
            live.removeIf(lease -> lease.until <= now);
            return live.size();
        }

        boolean admits(long now) {
            return state == CircuitState.CLOSED
                    || ((state == CircuitState.HALF_OPEN || now >= openUntil) && live(now) < config.halfOpenMaxCalls());
        }

        Lease acquire(long now) {
            if (state == CircuitState.OPEN && now >= openUntil) {
                set(CircuitState.HALF_OPEN, false, 0);
            }
            if (!admits(now)) {
                return null;
            }
            Lease lease = new Lease(generation, state == CircuitState.HALF_OPEN, now + LEASE);
            if (lease.probe) {
                live.add(lease);
            }
            return lease;
        }

        void released(Lease lease) {
            for (int i = 0; i < live.size(); i++) {
                if (live.get(i) == lease) {
                    live.remove(i);
                    return;
                }
            }
        }

        void ended(Lease lease, boolean success, long now) {
            released(lease);
            if (lease.generation != generation || forced) {
                return;
            }
            if (lease.probe) {
                successes += success ? 1 : 0;
                if (!success) {
                    set(CircuitState.OPEN, false, now + 10 * SECOND);
                } else if (successes >= config.halfOpenSuccesses()) {
                    set(CircuitState.CLOSED, false, 0);
                }
                return;
            }
            window.addLast(success);
            if (window.size() > config.windowSize()) {
                window.removeFirst();
            }
            if (opens()) {
                set(CircuitState.OPEN, false, now + 10 * SECOND);
            }
        }

        private boolean opens() {
            int failures = 0;
            int streak = 0;
            for (boolean success : window) {
                failures += success ? 0 : 1;
                streak = success ? 0 : streak + 1;
            }
            int threshold = config.failureThreshold();
            boolean enough = window.size() >= config.minimumAttempts();
            return (!enough && streak >= threshold)
                    || streak >= 2 * threshold
                    || (enough && failures >= threshold && failures * 2 >= window.size());
        }
    }

    @Test
    void outcomesOlderThanTheWindowAreForgotten() {
        CircuitConfig config = CircuitConfig.defaults().withWindow(100, Duration.ofSeconds(60));
        Circuit circuit = new Circuit(config, new SplittableRandom(1), () -> 0, (from, info, nowNanos) -> {});
        for (int i = 0; i < 4; i++) {
            circuit.failure(circuit.tryAcquire(0, LEASE), FAILURE, 1, 0);
        }

        circuit.failure(circuit.tryAcquire(62 * SECOND, LEASE), FAILURE, 1, 62 * SECOND);

        assertThat(circuit.state()).isEqualTo(CircuitState.CLOSED);
        assertThat(circuit.info(62 * SECOND).failures()).isEqualTo(1);
    }

    @Test
    void repeatedTripsLastLongerUpToTheCapAndAHintNeverShortensThem() {
        Circuit circuit =
                new Circuit(CircuitConfig.defaults(), new SplittableRandom(7), () -> 0, (from, info, nowNanos) -> {});
        long now = 0;
        for (int i = 0; i < 5; i++) {
            circuit.failure(circuit.tryAcquire(now, LEASE), FAILURE.withHint(Duration.ofSeconds(1)), 1, now);
        }
        Duration open = circuit.info(now).retryIn();
        assertThat(open).isEqualTo(Duration.ofSeconds(2));
        int trips = 1;
        while (now < 2000 * SECOND) {
            now += open.toNanos();
            circuit.failure(circuit.tryAcquire(now, LEASE), FAILURE, 1, now);
            open = circuit.info(now).retryIn();
            Duration most = Duration.ofNanos(Math.max(2 * SECOND, Math.min(60 * SECOND, now / 32)));
            assertThat(open).isBetween(Duration.ofNanos(Math.max(2 * SECOND, most.toNanos() / 2)), most);
            trips++;
        }

        assertThat(circuit.info(now).trips()).isEqualTo(trips);
        circuit.failure(
                circuit.tryAcquire(now + open.toNanos(), LEASE),
                FAILURE.withHint(Duration.ofSeconds(100)),
                1,
                now + open.toNanos());
        assertThat(circuit.info(now + open.toNanos()).retryIn()).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    @Timeout(120)
    void manyThreadsAtTheHalfOpenEdgeGetNoMorePlacesThanThereAre() throws InterruptedException {
        for (int round = 0; round < RandomRuns.part(40); round++) {
            Circuit circuit = new Circuit(
                    CircuitConfig.defaults(), new SplittableRandom(1), () -> 0, (from, info, nowNanos) -> {});
            for (int i = 0; i < 5; i++) {
                circuit.failure(circuit.tryAcquire(0, LEASE), FAILURE, 1, 0);
            }
            AtomicInteger admitted = new AtomicInteger();
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 32; t++) {
                Thread thread = new Thread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    if (circuit.tryAcquire(60 * SECOND, LEASE) != null) {
                        admitted.incrementAndGet();
                    }
                });
                threads.add(thread);
            }
            threads.forEach(Thread::start);
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(admitted.get()).isEqualTo(3);
        }
    }
}
