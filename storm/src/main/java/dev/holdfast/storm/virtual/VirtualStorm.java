// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.virtual;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.simulator.virtual.Reply;
import dev.holdfast.simulator.virtual.VirtualServer;
import dev.holdfast.storm.measure.CallLog;
import dev.holdfast.storm.measure.CircuitLog;
import dev.holdfast.storm.measure.Figures;
import dev.holdfast.storm.measure.Outcome;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.scenario.Arrivals;
import dev.holdfast.storm.scenario.Oracle;
import dev.holdfast.storm.scenario.Storm;
import dev.holdfast.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One storm in virtual time, for one engine at a time; all on the calling thread. */
final class VirtualStorm {
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    private final Storm storm;
    private final Arrivals arrivals;
    private final List<Double> oracle;
    private final long seed;

    VirtualStorm(Storm storm, long seed) {
        this.storm = storm;
        this.arrivals = Arrivals.of(storm, seed);
        this.oracle = Oracle.served(storm, arrivals);
        this.seed = seed;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    List<Double> oracle() {
        return oracle;
    }

    /** Runs the storm once, from an empty world. */
    EngineResult run(VirtualKind kind, ResilienceConfig holdfast) throws InterruptedException {
        return new Run(kind, holdfast).result();
    }

    /** What a client finds: time, servers, and where to tell. */
    final class Run {
        final VirtualTime time = new VirtualTime(seed);
        final CircuitLog circuits = new CircuitLog(time::nanos);
        private final CallLog log = new CallLog(storm, arrivals);
        private final List<VirtualServer> servers = new ArrayList<>();
        private final VirtualKind kind;
        private final VirtualClient client;
        private long told;
        private int running;

        private Run(VirtualKind kind, ResilienceConfig holdfast) {
            this.kind = kind;
            storm.places()
                    .forEach(place -> servers.add(new VirtualServer(place.script(), time::nanos, this::schedule)));
            this.client = kind.maker().make(this, holdfast);
        }

        private Runnable schedule(long atNanos, Runnable task) {
            return time.at(atNanos, task)::cancel;
        }

        Storm storm() {
            return storm;
        }

        /** One request of a call. */
        VirtualServer.Visit ask(int place, int call, boolean poison, Consumer<Reply> reply) {
            log.requests(place, call, 1);
            log.requestsAt(time.nanos(), 1);
            return servers.get(place).ask(poison ? "400" : Storm.MODEL, reply);
        }

        /** The call is over for its caller. */
        void ended(int call, boolean good) {
            running--;
            told += good ? 1 : 0;
            log.ended(call, good ? Outcome.SUCCEEDED : Outcome.FAILED, time.nanos());
        }

        private void offer(int number) {
            if (number < arrivals.size()) {
                time.at(arrivals.startNanos()[number], () -> {
                    offer(number + 1);
                    running++;
                    client.call(number, arrivals.poison()[number]);
                });
            }
        }

        private EngineResult result() throws InterruptedException {
            offer(0);
            for (int bucket = 1; bucket <= storm.buckets(); bucket++) {
                time.advanceTo(storm.bucket().toNanos() * bucket);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            boolean idle = time.runUntilIdle(LONGEST_REST);
            client.close();
            long open = servers.stream().mapToLong(VirtualServer::open).sum();
            if (!idle || running != 0 || open != 0) {
                throw new IllegalStateException(kind.name() + " left something behind after " + storm.name() + ": "
                        + running + " calls, " + open + " requests, " + time.pending() + " timers");
            }
            long billed =
                    servers.stream().mapToLong(VirtualServer::tokensBilled).sum();
            long wasted = billed - told * VirtualServer.tokensOf(Storm.MODEL);
            return Figures.of(kind.name(), kind.label(), log, circuits, oracle, wasted);
        }
    }
}
