// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.scenario.Arrivals;
import dev.holdfast.storm.scenario.Storm;
import java.util.List;
import java.util.stream.LongStream;

/** Puts a scenario's results together. */
public final class Scenarios {
    private Scenarios() {}

    public static ScenarioResult result(
            Storm storm, Arrivals arrivals, List<Double> oracle, List<EngineResult> engines) {
        return new ScenarioResult(
                storm.name(),
                storm.what(),
                storm.duration(),
                storm.bucket(),
                storm.targets(),
                storm.faultRate(),
                storm.marks(),
                LongStream.of(arrivals.perBucket(storm)).boxed().toList(),
                oracle,
                engines);
    }
}
