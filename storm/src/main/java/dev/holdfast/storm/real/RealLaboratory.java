// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.real;

import dev.holdfast.storm.Laboratory.Progress;
import dev.holdfast.storm.StormOptions;
import dev.holdfast.storm.engine.EngineKind;
import dev.holdfast.storm.measure.Checks;
import dev.holdfast.storm.measure.Medians;
import dev.holdfast.storm.measure.Scenarios;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.scenario.Catalogue;
import dev.holdfast.storm.scenario.Storm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs storms over real sockets, sixty times as fast as the scenario says. Not thread-safe. */
public final class RealLaboratory {
    /** Scenario seconds for each second on the wall. */
    public static final double FACTOR = 60;

    /** Slower, so that the first call of all has time to load what it needs; the crowd is larger instead. */
    private static final double WARM_UP_FACTOR = 6;

    private static final double WARM_UP_STRETCH = 0.06;
    private static final double WARM_UP_CROWD = 10;

    private final StormOptions options;
    private final Progress progress;
    private int step;
    private Duration latest = Duration.ZERO;

    public RealLaboratory(StormOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * How late calls were in the run that was disturbed most: the 99th percentile, in scenario time. Above a second or so the
     * machine was too busy for its figures to say much about engines.
     */
    public Duration latest() {
        return latest;
    }

    public List<ScenarioResult> run(List<String> scenarios, List<EngineKind> engines) throws InterruptedException {
        List<Storm> storms = new Catalogue(1, 1, options.seed())
                .all().stream()
                        .filter(storm -> scenarios.contains(storm.name()))
                        .toList();
        warmUp(engines);
        int steps = storms.size() * engines.size() * options.runs();
        List<ScenarioResult> results = new ArrayList<>();
        for (Storm storm : storms) {
            RealStorm real = new RealStorm(storm, options.seed(), FACTOR);
            List<List<EngineResult>> runs = new ArrayList<>();
            engines.forEach(engine -> runs.add(new ArrayList<>()));
            for (int run = 0; run < options.runs(); run++) {
                for (int i = 0; i < engines.size(); i++) {
                    EngineKind engine = engines.get(i);
                    progress.started(storm.name(), engine.name(), ++step, steps);
                    RealStorm.Ran ran = real.run(engine, options.holdfast());
                    runs.get(i).add(ran.result());
                    latest = ran.late().compareTo(latest) > 0 ? ran.late() : latest;
                }
            }
            List<EngineResult> medians = runs.stream().map(Medians::of).toList();
            results.add(Scenarios.result(
                    storm,
                    real.arrivals(),
                    real.oracle(),
                    Checks.added(storm, real.arrivals(), medians, real.oracle())));
        }
        return results;
    }

    /** Without it the engine that comes first would pay for the classes that all need. */
    private void warmUp(List<EngineKind> engines) throws InterruptedException {
        Storm steady = new Catalogue(WARM_UP_STRETCH, WARM_UP_CROWD, options.seed())
                .all()
                .get(0);
        for (EngineKind engine : engines) {
            new RealStorm(steady, options.seed(), WARM_UP_FACTOR).once(engine, options.holdfast());
        }
    }
}
