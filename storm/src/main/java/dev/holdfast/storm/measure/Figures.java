// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Series;
import dev.holdfast.storm.result.EngineResult.TargetResult;
import dev.holdfast.storm.scenario.Outage;
import dev.holdfast.storm.scenario.Storm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The figures of one run of one engine. */
public final class Figures {
    private static final int FIRST_CALLS_OF_AN_OUTAGE = 50;

    private final CallLog log;
    private final Storm storm;

    private Figures(CallLog log) {
        this.log = log;
        this.storm = log.storm();
    }

    /**
     * @param engine as typed
     * @param label for people
     * @param oracle calls that could have been served, by bucket
     * @param tokensWasted billed for answers that nobody got
     */
    public static EngineResult of(
            String engine, String label, CallLog log, CircuitLog circuits, List<Double> oracle, long tokensWasted) {
        Figures figures = new Figures(log);
        double possible = oracle.stream().mapToDouble(Double::doubleValue).sum();
        long succeeded = figures.count(Outcome.SUCCEEDED);
        long rejected = figures.rejected();
        long[] latencies = figures.latencies(0, log.arrivals().size());
        return new EngineResult(
                engine,
                label,
                log.arrivals().size(),
                succeeded,
                log.arrivals().size() - succeeded - rejected,
                rejected,
                possible == 0 ? 1 : succeeded / possible,
                figures.amplification(0, log.arrivals().size()),
                figures.amplificationInOutage(),
                quantile(latencies, 0.5),
                quantile(latencies, 0.99),
                Recovery.of(log),
                figures.count(Outcome.TRUNCATED),
                figures.count(Outcome.DUPLICATED),
                tokensWasted,
                figures.targets(circuits),
                figures.series(),
                List.of(),
                null);
    }

    private long count(Outcome outcome) {
        long count = 0;
        for (int call = 0; call < log.arrivals().size(); call++) {
            count += log.outcome(call) == outcome ? 1 : 0;
        }
        return count;
    }

    private long rejected() {
        long count = 0;
        for (int call = 0; call < log.arrivals().size(); call++) {
            count += log.outcome(call) != Outcome.SUCCEEDED && !log.attempted(call) ? 1 : 0;
        }
        return count;
    }

    /** Of the calls from one to before another: the worst target's; 0 where no request was made. */
    private double amplification(int from, int to) {
        double worst = 0;
        for (int place = 0; place < storm.places().size(); place++) {
            worst = Math.max(worst, amplification(place, from, to));
        }
        return worst;
    }

    private double amplification(int place, int from, int to) {
        long requests = 0;
        long calls = 0;
        for (int call = from; call < to; call++) {
            requests += log.requests(place, call);
            calls += log.requests(place, call) > 0 ? 1 : 0;
        }
        return calls == 0 ? 0 : (double) requests / calls;
    }

    private @Nullable Double amplificationInOutage() {
        Outage outage = storm.outage();
        if (outage == null) {
            return null;
        }
        int from = log.arrivals().firstFrom(outage.from().toNanos()) + FIRST_CALLS_OF_AN_OUTAGE;
        int to = log.arrivals().firstFrom(outage.to().toNanos());
        return amplification(outage.place(), from, to);
    }

    private long[] latencies(int from, int to) {
        long[] latencies = new long[to - from];
        int count = 0;
        for (int call = from; call < to; call++) {
            if (log.succeeded(call)) {
                latencies[count++] = log.endNanos(call) - log.arrivals().startNanos()[call];
            }
        }
        long[] sorted = Arrays.copyOf(latencies, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static @Nullable Duration quantile(long[] sorted, double quantile) {
        return sorted.length == 0 ? null : Duration.ofNanos(sorted[rank(sorted.length, quantile)]);
    }

    private static int rank(int length, double quantile) {
        return Math.max(0, (int) Math.ceil(length * quantile) - 1);
    }

    private List<TargetResult> targets(CircuitLog circuits) {
        List<TargetResult> results = new ArrayList<>();
        for (int place = 0; place < storm.places().size(); place++) {
            long requests = 0;
            long calls = 0;
            for (int call = 0; call < log.arrivals().size(); call++) {
                requests += log.requests(place, call);
                calls += log.requests(place, call) > 0 ? 1 : 0;
            }
            String name = storm.places().get(place).name();
            results.add(new TargetResult(name, requests, calls, circuits.bands(name, storm.duration())));
        }
        return results;
    }

    private Series series() {
        List<List<Double>> millis = new ArrayList<>();
        List<Long> requests = new ArrayList<>();
        for (int bucket = 0; bucket < storm.buckets(); bucket++) {
            millis.add(new ArrayList<>());
            requests.add(log.requestsIn(bucket));
        }
        for (int call = 0; call < log.arrivals().size(); call++) {
            if (log.succeeded(call)) {
                long end = log.endNanos(call);
                millis.get(storm.bucketOf(end)).add((end - log.arrivals().startNanos()[call]) / 1e6);
            }
        }
        List<Long> good = new ArrayList<>();
        List<@Nullable Double> p50 = new ArrayList<>();
        List<@Nullable Double> p99 = new ArrayList<>();
        for (List<Double> bucket : millis) {
            bucket.sort(null);
            good.add((long) bucket.size());
            p50.add(bucket.isEmpty() ? null : bucket.get(rank(bucket.size(), 0.5)));
            p99.add(bucket.isEmpty() ? null : bucket.get(rank(bucket.size(), 0.99)));
        }
        return new Series(good, requests, p50, p99);
    }
}
