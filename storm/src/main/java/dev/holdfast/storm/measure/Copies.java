// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.measure;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results with one thing added. */
final class Copies {
    private Copies() {}

    static EngineResult withSpread(EngineResult of, double spread) {
        return copy(of, of.checks(), spread);
    }

    static EngineResult withChecks(EngineResult of, List<Check> checks) {
        return copy(of, checks, of.spread());
    }

    private static EngineResult copy(EngineResult of, List<Check> checks, @Nullable Double spread) {
        return new EngineResult(
                of.engine(),
                of.label(),
                of.calls(),
                of.succeeded(),
                of.failed(),
                of.rejected(),
                of.ofOracle(),
                of.amplification(),
                of.amplificationInOutage(),
                of.p50(),
                of.p99(),
                of.recovery(),
                of.truncated(),
                of.duplicated(),
                of.tokensWasted(),
                of.targets(),
                of.series(),
                checks,
                spread);
    }
}
