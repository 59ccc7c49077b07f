// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.result;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one engine came through one scenario. All durations are scenario time.
 *
 * @param engine as typed on the command line, such as {@code resilience4j}
 * @param label for people
 * @param calls offered
 * @param succeeded whole, unduplicated answers in time
 * @param failed calls that made an attempt and failed
 * @param rejected calls that failed without an attempt
 * @param ofOracle succeeded as a share of what the oracle could have served
 * @param amplification requests that reached a target for each call that made an attempt there, the worst target
 * @param amplificationInOutage the same after the first 50 calls of an outage, null where the scenario has none
 * @param p50 of the calls that succeeded, start to whole answer; null where none did
 * @param p99 as above
 * @param recovery from the end of the last trouble until goodput stays at 95 % of the oracle; null where it never does
 * @param truncated answers told as whole that were not
 * @param duplicated answers with a part twice
 * @param tokensWasted billed for answers that nobody got
 * @param targets in failover order
 * @param series by bucket of the scenario
 * @param checks what is demanded of the engine here, and whether it holds; empty for peers
 * @param spread of {@code ofOracle} over repeated runs, largest minus smallest; null for one run
 */
public record EngineResult(
        String engine,
        String label,
        long calls,
        long succeeded,
        long failed,
        long rejected,
        double ofOracle,
        double amplification,
        @Nullable Double amplificationInOutage,
        @Nullable Duration p50,
        @Nullable Duration p99,
        @Nullable Duration recovery,
        long truncated,
        long duplicated,
        long tokensWasted,
        List<TargetResult> targets,
        Series series,
        List<Check> checks,
        @Nullable Double spread) {

    /**
     * What one target got.
     *
     * @param requests that reached it
     * @param calls that made at least one attempt there
     * @param bands states of its circuit over time; empty for engines without one
     */
    public record TargetResult(String target, long requests, long calls, List<Band> bands) {}

    /** A circuit's state from one time to another: closed, open, half-open, or paused. */
    public record Band(Duration from, Duration to, String state) {}

    /**
     * One element for each bucket of the scenario, by the time at which a thing happened.
     *
     * @param good calls that succeeded
     * @param requests that reached any target
     * @param p50Millis of the calls that succeeded in the bucket, null where none did
     * @param p99Millis as above
     */
    public record Series(
            List<Long> good, List<Long> requests, List<@Nullable Double> p50Millis, List<@Nullable Double> p99Millis) {}

    /** One demand, such as "amplification at most 1.2", the figure found, and whether it holds. */
    public record Check(String demand, String found, boolean holds) {}
}
