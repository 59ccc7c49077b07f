// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.virtual;

import dev.holdfast.storm.Laboratory.Progress;
import dev.holdfast.storm.StormOptions;
import dev.holdfast.storm.measure.Checks;
import dev.holdfast.storm.measure.Scenarios;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.scenario.Catalogue;
import dev.holdfast.storm.scenario.Storm;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs storms in virtual time: each client calls about once in a quarter of an hour, servers are as much larger as the crowd,
 * and every trouble lasts fifteen times as long. Not thread-safe.
 */
public final class VirtualLaboratory {
    private static final double STRETCH = 15;
    private static final double SECONDS_BETWEEN_CALLS = 1_000;

    /** What the storms are written for. */
    private static final double USUAL_CALLS_PER_SECOND = 3;

    private final StormOptions options;
    private final Progress progress;
    private int step;

    public VirtualLaboratory(StormOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Names of the engines that can run in virtual time. */
    public static List<String> engines() {
        return VirtualKind.all().stream().map(VirtualKind::name).toList();
    }

    public List<ScenarioResult> run(List<String> scenarios, List<String> engines) throws InterruptedException {
        double crowd = options.clients() / SECONDS_BETWEEN_CALLS / USUAL_CALLS_PER_SECOND;
        List<Storm> storms = new Catalogue(STRETCH, crowd, options.seed())
                .all().stream()
                        .filter(storm -> scenarios.contains(storm.name()))
                        .toList();
        List<VirtualKind> kinds = VirtualKind.all().stream()
                .filter(kind -> engines.contains(kind.name()))
                .toList();
        List<ScenarioResult> results = new ArrayList<>();
        for (Storm storm : storms) {
            VirtualStorm virtual = new VirtualStorm(storm, options.seed());
            List<EngineResult> ran = new ArrayList<>();
            for (VirtualKind kind : kinds) {
                progress.started(storm.name(), kind.name(), ++step, storms.size() * kinds.size());
                ran.add(virtual.run(kind, options.holdfast()));
            }
            results.add(Scenarios.result(
                    storm,
                    virtual.arrivals(),
                    virtual.oracle(),
                    Checks.added(storm, virtual.arrivals(), ran, virtual.oracle())));
        }
        return results;
    }
}
