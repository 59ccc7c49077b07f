// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.scenario;

import dev.holdfast.storm.result.ScenarioResult.Mark;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scenario of trouble: who calls how often, and what happens to the servers meanwhile. Immutable; all in scenario time.
 *
 * @param name as typed
 * @param what happens, one sentence for people
 * @param duration of the offered load
 * @param callsPerSecond mean of the arrivals, which come by chance (Poisson) and do not wait for each other
 * @param streamed whether answers are read as streams
 * @param poison share of the calls that no server can serve, because they are malformed
 * @param faultRate share of requests that fail while the faults last; null where that is no constant share
 * @param outage in which a target serves nothing; null where there is none
 * @param calmFrom when the last trouble ends; null where it lasts, or where there is none
 * @param marks for the reader of a chart
 * @param places in failover order
 */
public record Storm(
        String name,
        String what,
        Duration duration,
        double callsPerSecond,
        boolean streamed,
        double poison,
        @Nullable Double faultRate,
        @Nullable Outage outage,
        @Nullable Duration calmFrom,
        List<Mark> marks,
        List<Place> places) {

    /** After that long the application gives a call up, whatever the policy is still trying. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    /** After that long the application's client gives a request up. */
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** What is asked for; the simulator's name for a good answer. */
    public static final String MODEL = "ok";

    private static final int BUCKETS = 80;

    public Storm {
        marks = List.copyOf(marks);
        places = List.copyOf(places);
    }

    /** Names of the targets, in failover order. */
    public List<String> targets() {
        return places.stream().map(Place::name).toList();
    }

    /** Width of one element of a series. */
    public Duration bucket() {
        return duration.dividedBy(BUCKETS);
    }

    /** How many elements a series has. */
    public int buckets() {
        return BUCKETS;
    }

    /** The element for a moment; what comes after the end of the load counts with the last one. */
    public int bucketOf(long atNanos) {
        return (int) Math.max(0, Math.min(BUCKETS - 1, atNanos / bucket().toNanos()));
    }
}
