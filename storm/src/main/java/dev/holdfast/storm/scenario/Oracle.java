// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import dev.holdfast.simulator.scenario.Capacity;
import dev.holdfast.simulator.scenario.Concurrency;
import dev.holdfast.simulator.scenario.Conditions;
import dev.holdfast.simulator.scenario.ErrorShare;
import dev.holdfast.simulator.scenario.Latency;
import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The best that any client could have got. It knows at each moment what every server can do, sends a request only where it
 * will be served, first come first served, and lets a call wait until its deadline for a server to be able. Nobody reaches
 * it: it sees the end of an outage coming.
 *
 * <p>What a server can do: nothing in an outage; else as many requests as its quota has left and as its places serve at its
 * latency of the moment, without a queue; of these the share that does not fail. Malformed calls are never served.
 */
public final class Oracle {
    private static final long STEP_NANOS = 50_000_000;
    private static final double NANOS = 1e9;

    private final Storm storm;
    private final Arrivals arrivals;
    private final List<Server> servers = new ArrayList<>();
    private final double[] served;
    private int next;
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();

    private Oracle(Storm storm, Arrivals arrivals) {
        this.storm = storm;
        this.arrivals = arrivals;
        this.served = new double[storm.buckets()];
        storm.places().forEach(place -> servers.add(new Server(place.script())));
    }

    /** How many calls could have been served in each bucket, by the moment at which serving began. */
    public static List<Double> served(Storm storm, Arrivals arrivals) {
        Oracle oracle = new Oracle(storm, arrivals);
        oracle.run();
        List<Double> list = new ArrayList<>();
        for (double bucket : oracle.served) {
            list.add(bucket);
        }
        return list;
    }

    private void run() {
        long end = storm.duration().plus(Storm.DEADLINE).toNanos();
        for (long now = 0; now < end; now += STEP_NANOS) {
            for (; next < arrivals.size() && arrivals.startNanos()[next] < now + STEP_NANOS; next++) {
                if (!arrivals.poison()[next]) {
                    waiting.add(arrivals.startNanos()[next]);
                }
            }
            while (!waiting.isEmpty() && waiting.peek() + Storm.DEADLINE.toNanos() < now) {
                waiting.remove();
            }
            for (Server server : servers) {
                server.advance(now);
                while (!waiting.isEmpty() && server.takes()) {
                    waiting.remove();
                    served[storm.bucketOf(now)]++;
                }
            }
        }
    }

    /** What one server has left to give. */
    private static final class Server {
        private final Scenario script;
        private double quota = Double.POSITIVE_INFINITY;
        private double places = Double.POSITIVE_INFINITY;
        private double requestsPerSuccess = 1;
        private boolean down;

        Server(Scenario script) {
            this.script = script;
        }

        void advance(long nowNanos) {
            Duration now = Duration.ofNanos(nowNanos);
            Conditions conditions = script.conditionsAt(now);
            Capacity capacity = conditions.capacity();
            if (capacity == null) {
                quota = Double.POSITIVE_INFINITY;
            } else {
                double flowed = capacity.requestsPerSecond() * STEP_NANOS / NANOS;
                quota = Math.min(capacity.burst(), quota + flowed);
            }
            Concurrency concurrency = conditions.concurrency();
            if (concurrency == null) {
                places = Double.POSITIVE_INFINITY;
            } else {
                double perSecond = concurrency.limit() / Math.max(1e-3, meanSeconds(conditions.latency()));
                places = Math.min(concurrency.limit(), places + perSecond * STEP_NANOS / NANOS);
            }
            double failing = conditions.errors() == null
                    ? 0
                    : conditions.errors().stream()
                            .mapToDouble(ErrorShare::share)
                            .sum();
            requestsPerSuccess = 1 / (1 - failing);
            down = failing >= 1 || script.outageAt(now).isPresent();
        }

        boolean takes() {
            if (down || quota < requestsPerSuccess || places < requestsPerSuccess) {
                return false;
            }
            quota -= requestsPerSuccess;
            places -= requestsPerSuccess;
            return true;
        }
    }

    static double meanSeconds(@Nullable Latency latency) {
        if (latency == null) {
            return 0;
        }
        if (latency instanceof Latency.Fixed fixed) {
            return fixed.value().toNanos() / NANOS;
        }
        if (latency instanceof Latency.Uniform uniform) {
            return (uniform.min().toNanos() + uniform.max().toNanos()) / 2.0 / NANOS;
        }
        if (latency instanceof Latency.Exponential exponential) {
            return exponential.mean().toNanos() / NANOS;
        }
        if (latency instanceof Latency.Normal normal) {
            return normal.mean().toNanos() / NANOS;
        }
        Latency.LogNormal logNormal = (Latency.LogNormal) latency;
        double sigma =
                Math.log((double) logNormal.p99().toNanos() / logNormal.median().toNanos()) / 2.3263;
        return logNormal.median().toNanos() / NANOS * Math.exp(sigma * sigma / 2);
    }
}
