// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.real;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.llm.transport.JdkTransport;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.holdfast.simulator.stats.SimulatorStats;
import dev.holdfast.storm.engine.CallIds;
import dev.holdfast.storm.engine.Engine;
import dev.holdfast.storm.engine.EngineKind;
import dev.holdfast.storm.engine.HttpTarget;
import dev.holdfast.storm.engine.Pace;
import dev.holdfast.storm.engine.Question;
import dev.holdfast.storm.engine.Surroundings;
import dev.holdfast.storm.measure.CallLog;
import dev.holdfast.storm.measure.CircuitLog;
import dev.holdfast.storm.measure.Figures;
import dev.holdfast.storm.measure.Outcome;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.scenario.Arrivals;
import dev.holdfast.storm.scenario.Compression;
import dev.holdfast.storm.scenario.Oracle;
import dev.holdfast.storm.scenario.Place;
import dev.holdfast.storm.scenario.Storm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One storm over real sockets, for one engine at a time. Not thread-safe. */
final class RealStorm {
    private static final String EXPECTED = Simulator.textOf(Storm.MODEL);
    private static final int FIRST_CALLS = 20;
    private static final int MORE_RUNS = 2;

    /** A tenth of what a request may take. */
    private static final Duration TOO_LATE = Storm.REQUEST_TIMEOUT.dividedBy(10);

    private static final Question FIRST = new Question("first", false);

    private final Storm storm;
    private final Arrivals arrivals;
    private final List<Double> oracle;
    private final double factor;
    private final long seed;

    RealStorm(Storm storm, long seed, double factor) {
        this.storm = storm;
        this.arrivals = Arrivals.of(storm, seed);
        this.oracle = Oracle.served(storm, arrivals);
        this.factor = factor;
        this.seed = seed;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    List<Double> oracle() {
        return oracle;
    }

    /**
     * A run, and how late its calls were on a machine that had other things to do: the 99th percentile, in scenario time.
     */
    record Ran(EngineResult result, Duration late) {}

    /**
     * Runs the storm; again, up to twice, where the machine was too busy to offer the load in time, and then the run that was
     * least disturbed counts.
     */
    Ran run(EngineKind kind, ResilienceConfig holdfast) throws InterruptedException {
        Ran best = once(kind, holdfast);
        for (int i = 0; i < MORE_RUNS && best.late().compareTo(TOO_LATE) > 0; i++) {
            Ran another = once(kind, holdfast);
            best = another.late().compareTo(best.late()) < 0 ? another : best;
        }
        return best;
    }

    /** Servers, clients and threads are gone when this returns, however it returns. */
    Ran once(EngineKind kind, ResilienceConfig holdfast) throws InterruptedException {
        List<Simulator> servers = new ArrayList<>();
        try (Workers workers = new Workers();
                Transport transport = new CallIds(new JdkTransport(workers.pool()))) {
            Pace pace = new Pace(factor);
            for (Place ignored : storm.places()) {
                servers.add(Simulator.start(SimulatorOptions.defaults()));
            }
            Run run = new Run(kind, holdfast, pace, servers, workers, transport);
            EngineResult result = run.result();
            return new Ran(result, run.late());
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator cannot listen on loopback", e);
        } finally {
            servers.forEach(Simulator::close);
        }
    }

    private final class Run {
        private final EngineKind kind;
        private final Pace pace;
        private final List<Simulator> servers;
        private final Workers workers;
        private final CallLog log = new CallLog(storm, arrivals);
        private final CircuitLog circuits;
        private final Surroundings surroundings;
        private final long[] lateNanos = new long[arrivals.size()];
        private volatile long startNanos = Long.MAX_VALUE;

        Run(
                EngineKind kind,
                ResilienceConfig holdfast,
                Pace pace,
                List<Simulator> servers,
                Workers workers,
                Transport transport) {
            this.kind = kind;
            this.pace = pace;
            this.servers = servers;
            this.workers = workers;
            this.circuits = new CircuitLog(this::sinceStart);
            List<HttpTarget> targets = new ArrayList<>();
            for (int place = 0; place < servers.size(); place++) {
                targets.add(new HttpTarget(
                        storm.places().get(place).name(),
                        servers.get(place).baseUri(),
                        storm.streamed(),
                        pace.real(Storm.REQUEST_TIMEOUT),
                        transport));
            }
            this.surroundings = new Surroundings(
                    pace, targets, storm.streamed(), circuits, seed, holdfast, transport, workers.timer());
        }

        Duration late() {
            long[] sorted = lateNanos.clone();
            Arrays.sort(sorted);
            return sorted.length == 0 ? Duration.ZERO : Duration.ofNanos(sorted[(sorted.length - 1) * 99 / 100]);
        }

        private long sinceStart() {
            return pace.nanos() - startNanos;
        }

        EngineResult result() throws InterruptedException {
            long billedPerAnswer;
            try (Engine engine = kind.maker().apply(surroundings)) {
                billedPerAnswer = firstCall(engine);
                start();
                Future<?> sampling =
                        workers.timer().scheduleAtFixedRate(new Sampling(), 0, bucketNanos() / 2, TimeUnit.NANOSECONDS);
                offer(engine);
                sampling.cancel(false);
            }
            awaitNothingOpen();
            long billed = count();
            long told = 0;
            for (int call = 0; call < arrivals.size(); call++) {
                told += log.succeeded(call) ? 1 : 0;
            }
            long wasted = Math.max(0, billed - told * billedPerAnswer);
            return Figures.of(kind.name(), kind.label(), log, circuits, oracle, wasted);
        }

        private long bucketNanos() {
            return Math.max(1, pace.real(storm.bucket()).toNanos());
        }

        /** Calls before the storm, until one goes smoothly: connects, and tells what an answer costs. */
        private long firstCall(Engine engine) throws InterruptedException {
            Exception last = null;
            for (int i = 0; i < FIRST_CALLS; i++) {
                servers.forEach(Simulator::reset);
                try {
                    engine.call(FIRST);
                    SimulatorStats stats = servers.get(0).stats();
                    if (stats.requests() == 1) {
                        return stats.tokensBilled();
                    }
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    last = e;
                }
            }
            throw new IllegalStateException(
                    kind.name() + " cannot make a call in calm: is this machine too busy for time to be compressed?",
                    last);
        }

        private void start() {
            for (int place = 0; place < servers.size(); place++) {
                servers.get(place).reset();
                servers.get(place)
                        .scenario(Compression.of(storm.places().get(place).script(), factor));
            }
            startNanos = pace.nanos();
        }

        private void offer(Engine engine) throws InterruptedException {
            CountDownLatch over = new CountDownLatch(arrivals.size());
            for (int call = 0; call < arrivals.size(); call++) {
                Duration wait = Duration.ofNanos(arrivals.startNanos()[call] - sinceStart());
                if (!wait.isNegative()) {
                    pace.sleep(wait);
                }
                lateNanos[call] = sinceStart() - arrivals.startNanos()[call];
                int number = call;
                Future<?> running = workers.pool().submit(() -> {
                    try {
                        make(engine, number);
                    } finally {
                        over.countDown();
                    }
                });
                Runnable giveUp = () -> {
                    log.ended(number, Outcome.FAILED, sinceStart());
                    running.cancel(true);
                };
                workers.timer().schedule(giveUp, pace.real(Storm.DEADLINE).toNanos(), TimeUnit.NANOSECONDS);
            }
            // an engine that does not hear of its caller's leaving is left behind
            over.await(pace.real(Storm.DEADLINE.multipliedBy(2)).toNanos(), TimeUnit.NANOSECONDS);
        }

        private void make(Engine engine, int call) {
            Outcome outcome;
            try {
                Question question = new Question("c" + call, arrivals.poison()[call]);
                outcome = Outcome.of(engine.call(question), EXPECTED);
            } catch (Exception e) {
                outcome = Outcome.FAILED;
            }
            log.ended(call, outcome, sinceStart());
        }

        /** The simulator counts and tells nobody, so it is asked again and again. */
        private void awaitNothingOpen() throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            long start = System.nanoTime();
            while (servers.stream().anyMatch(server -> server.stats().open() > 0)
                    && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(2)) {
                never.await(2, TimeUnit.MILLISECONDS);
            }
        }

        /** Takes the requests of each call from the servers; returns the tokens billed. */
        private long count() {
            long billed = 0;
            for (int place = 0; place < servers.size(); place++) {
                SimulatorStats stats = servers.get(place).stats();
                billed += stats.tokensBilled();
                for (int call = 0; call < arrivals.size(); call++) {
                    log.requests(
                            place, call, (int) (long) stats.attemptsPerCall().getOrDefault("c" + call, 0L));
                }
            }
            return billed;
        }

        /** Notes how many requests have come since it last looked. */
        private final class Sampling implements Runnable {
            private long seen;

            @Override
            public void run() {
                long requests = servers.stream()
                        .mapToLong(server -> server.stats().requests())
                        .sum();
                log.requestsAt(Math.max(0, sinceStart() - storm.bucket().toNanos() / 4), requests - seen);
                seen = requests;
            }
        }
    }
}
