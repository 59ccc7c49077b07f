// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm;

import dev.holdfast.storm.engine.EngineKind;
import dev.holdfast.storm.engine.Engines;
import dev.holdfast.storm.real.RealLaboratory;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import dev.holdfast.storm.scenario.Catalogue;
import dev.holdfast.storm.scenario.Storm;
import dev.holdfast.storm.virtual.VirtualLaboratory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All storms and all engines. */
public final class Storms implements Laboratory {
    private final List<EngineKind> engines = Engines.available();

    private Storms() {}

    /** The storms as the command runs them. */
    public static Laboratory standard() {
        return new Storms();
    }

    @Override
    public List<String> scenarios() {
        return new Catalogue(1, 1, 0).all().stream().map(Storm::name).toList();
    }

    @Override
    public List<String> engines() {
        return engines.stream().map(EngineKind::name).toList();
    }

    @Override
    public StormResult run(StormOptions options, Progress progress) throws InterruptedException {
        List<String> scenarios = chosen("scenario", options.scenarios(), scenarios());
        boolean real = options.form() == Form.REAL_TIME;
        List<String> names = chosen("engine", options.engines(), real ? engines() : VirtualLaboratory.engines());
        if (options.runs() < 1 || options.clients() < 1) {
            throw new IllegalArgumentException("runs and clients must be at least 1");
        }
        List<EngineKind> kinds = new ArrayList<>();
        for (String name : names) {
            engines.stream().filter(kind -> kind.name().equals(name)).forEach(kinds::add);
        }
        List<String> machine = new ArrayList<>(Machine.lines());
        List<ScenarioResult> results;
        if (real) {
            RealLaboratory laboratory = new RealLaboratory(options, progress);
            results = laboratory.run(scenarios, kinds);
            machine.add(String.format(
                    Locale.ROOT,
                    "calls at most %.1f s of the storm late (99th percentile of the run that was disturbed most)",
                    laboratory.latest().toMillis() / 1_000.0));
        } else {
            results = new VirtualLaboratory(options, progress).run(scenarios, names);
        }
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("java", Runtime.version().toString());
        kinds.stream()
                .filter(kind -> !kind.version().isEmpty())
                .forEach(kind -> versions.put(kind.name(), kind.version()));
        return new StormResult(
                options.command(),
                options.seed(),
                options.form(),
                real ? RealLaboratory.FACTOR : 1,
                machine,
                versions,
                options.settings(),
                results);
    }

    private static List<String> chosen(String what, List<String> asked, List<String> known) {
        for (String name : asked) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no " + what + " '" + name + "' here; known: " + String.join(", ", known));
            }
        }
        return asked.isEmpty() ? known : asked.stream().distinct().toList();
    }
}
