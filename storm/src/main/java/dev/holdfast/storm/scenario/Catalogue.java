// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import dev.holdfast.simulator.scenario.Capacity;
import dev.holdfast.simulator.scenario.Concurrency;
import dev.holdfast.simulator.scenario.Conditions;
import dev.holdfast.simulator.scenario.ErrorShare;
import dev.holdfast.simulator.scenario.Latency;
import java.time.Duration;
import java.util.List;

/**
 * The storms. They are written for three calls a second and a few minutes; a larger crowd gets servers that are larger in
 * proportion, and a longer storm the same troubles, each longer. What one request takes (latency, stated waits) never
 * changes.
 *
 * @param stretch of all times but those of one request
 * @param crowd by which load and servers are larger
 * @param seed of the servers' luck
 */
public record Catalogue(double stretch, double crowd, long seed) {
    private static final Latency USUAL = new Latency.LogNormal(Duration.ofMillis(1_000), Duration.ofMillis(3_000));
    private static final Latency SLOW = new Latency.LogNormal(Duration.ofMillis(2_500), Duration.ofMillis(7_000));
    private static final Latency STEADY = new Latency.Fixed(Duration.ofMillis(1_500));
    private static final Conditions GOOD = new Conditions(null, null, USUAL, null, null);

    /** All, in the order in which they run. */
    public List<Storm> all() {
        return List.of(
                steady(),
                blips(),
                outage(),
                brownout(),
                rateLimit(),
                overload(),
                failover(),
                hang(),
                poison(),
                streamCuts(),
                recoveryHerd());
    }

    private Storm steady() {
        return draft("steady", 100, "nothing happens").target("a", GOOD).done();
    }

    private Storm blips() {
        List<ErrorShare> faults =
                List.of(new ErrorShare(0.05, "503"), new ErrorShare(0.03, "500"), new ErrorShare(0.02, "reset"));
        return draft("blips", 150, "one request in ten fails, at random: 503, 500 or a reset connection")
                .target("a", new Conditions(null, null, USUAL, null, faults))
                .faultRate(0.1)
                .done();
    }

    private Storm outage() {
        return draft("outage", 240, "the only target answers every request with 503 for a while")
                .target("a", GOOD)
                .outage(50, 100, "503")
                .done();
    }

    private Storm brownout() {
        List<ErrorShare> faults = List.of(new ErrorShare(0.3, "500"));
        return draft("brownout", 180, "for a while the target is slow, and three requests in ten fail")
                .target("a", GOOD)
                .window(40, 120, new Conditions(null, null, SLOW, null, faults), "slow, 30 % errors")
                .faultRate(0.3)
                .done();
    }

    private Storm rateLimit() {
        Capacity quota = new Capacity(2.4 * crowd, places(5), "429,retry-after=1");
        return draft(
                        "rate-limit",
                        150,
                        "the quota is a fifth below what is asked for; the server states a wait of one second")
                .target("a", new Conditions(quota, null, USUAL, null, null))
                .done();
    }

    private Storm overload() {
        Concurrency eight = new Concurrency(places(8), places(1_000), 0.04 / crowd, "503");
        Conditions jam = new Conditions(null, null, new Latency.Fixed(Duration.ofSeconds(6)), null, null);
        return draft(
                        "overload",
                        300,
                        "the target serves eight at a time and gets slower the more requests wait; for a while each takes four"
                                + " times as long, and the queue that is left keeps it slow")
                .target("a", new Conditions(null, eight, STEADY, null, null))
                .window(60, 90, jam, "slow")
                .done();
    }

    private Storm failover() {
        return draft("failover", 240, "the first of two targets answers with 503 for a while; the second is well")
                .target("a", GOOD)
                .outage(60, 160, "503")
                .target("b", GOOD)
                .done();
    }

    private Storm hang() {
        return draft(
                        "hang",
                        200,
                        "the first of two targets takes requests and never answers, for a while; the second is well")
                .target("a", GOOD)
                .outage(40, 120, "hang")
                .target("b", GOOD)
                .done();
    }

    private Storm poison() {
        return draft(
                        "poison",
                        120,
                        "nothing happens, but one caller's requests, three in ten of all, are malformed: 400")
                .target("a", GOOD)
                .poison(0.3)
                .done();
    }

    private Storm streamCuts() {
        List<ErrorShare> faults = List.of(
                new ErrorShare(0.04, "cut,after=5"),
                new ErrorShare(0.04, "error-mid,after=5"),
                new ErrorShare(0.02, "reset,after=8"),
                new ErrorShare(0.02, "stall,after=8"));
        return draft(
                        "stream-cuts",
                        120,
                        "answers are streamed; twelve in a hundred break off in the middle: cut, an error event, a reset, silence")
                .target("a", new Conditions(null, null, USUAL, 20.0, faults))
                .streamed()
                .faultRate(0.12)
                .done();
    }

    private Storm recoveryHerd() {
        Concurrency warm = new Concurrency(places(12), places(40), 0, "503");
        Concurrency cold = new Concurrency(places(5), places(10), 0, "503");
        return draft(
                        "recovery-herd",
                        240,
                        "the target is gone for a while, and when it comes back it is cold: it serves less than half")
                .target("a", new Conditions(null, warm, STEADY, null, null))
                .outage(50, 100, "refuse")
                .window(100, 150, new Conditions(null, cold, STEADY, null, null), "cold")
                .done();
    }

    private int places(int servers) {
        return (int) Math.round(servers * crowd);
    }

    private Draft draft(String name, long seconds, String what) {
        return new Draft(this, name, seconds, what);
    }

    Duration time(double seconds) {
        return Duration.ofNanos(Math.round(seconds * stretch * 1e9));
    }
}
