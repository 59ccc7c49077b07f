// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.result;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One scenario, met by several engines. All durations are scenario time, not the compressed time of the clock on the wall.
 *
 * @param name as typed on the command line, such as {@code recovery-herd}
 * @param what happens in it, one sentence for people
 * @param duration of the offered load
 * @param bucket width of one element of every series
 * @param targets in failover order
 * @param faultRate share of requests that fail by the scenario's own faults, 0 to 1; null where it is no constant share
 * @param marks what happens when
 * @param offered calls offered in each bucket
 * @param oracle calls that could have succeeded in each bucket, by what the servers were able to do
 */
public record ScenarioResult(
        String name,
        String what,
        Duration duration,
        Duration bucket,
        List<String> targets,
        @Nullable Double faultRate,
        List<Mark> marks,
        List<Long> offered,
        List<Double> oracle,
        List<EngineResult> engines) {

    /** Something that happens to a target at a time, such as "a goes down"; {@code to} is null for a moment. */
    public record Mark(Duration from, @Nullable Duration to, String target, String what) {}
}
