// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.virtual;

import dev.holdfast.storm.Laboratory.Progress;
import dev.holdfast.storm.StormOptions;
import dev.holdfast.storm.result.ScenarioResult;
import java.util.List;

/** Runs storms in virtual time. Not thread-safe. */
public final class VirtualLaboratory {
    public VirtualLaboratory(StormOptions options, Progress progress) {}

    public List<ScenarioResult> run(List<String> scenarios, List<String> engines) throws InterruptedException {
        return List.of();
    }
}
