// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.result.EngineResult;
import java.util.Comparator;
import java.util.List;

/**
 * Several runs as one: the run with the median share of the oracle, as it was, because the medians of each figure alone would
 * belong to no run that ever was; and the spread of that share.
 */
public final class Medians {
    private Medians() {}

    /** @param runs of one engine in one scenario, at least one */
    public static EngineResult of(List<EngineResult> runs) {
        if (runs.size() == 1) {
            return runs.get(0);
        }
        List<EngineResult> sorted = runs.stream()
                .sorted(Comparator.comparingDouble(EngineResult::ofOracle))
                .toList();
        double spread = sorted.get(sorted.size() - 1).ofOracle() - sorted.get(0).ofOracle();
        return Copies.withSpread(sorted.get((sorted.size() - 1) / 2), spread);
    }
}
