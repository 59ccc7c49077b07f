// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.storm.Laboratory;
import dev.holdfast.storm.StormOptions;
import dev.holdfast.storm.Storms;
import dev.holdfast.storm.report.StormHtml;
import dev.holdfast.storm.report.StormJson;
import dev.holdfast.storm.report.StormText;
import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import dev.holdfast.storm.virtual.VirtualLaboratory;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs storms and shows what came of them. */
final class StormRun {
    private static final int INTERRUPTED = 130;
    private static final int USUAL_WIDTH = 80;
    private static final int NARROWEST = 40;
    private static final int MOST_LOAD = 3;

    private final Laboratory laboratory;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Surroundings surroundings;

    /**
     * What is wanted.
     *
     * @param scenarios empty for all
     * @param engines empty for all
     * @param settings of Holdfast as they differ from the defaults
     * @param command what to type to get the same again
     * @param strict whether a demand on Holdfast that does not hold is a failure
     */
    record Wish(
            List<String> scenarios,
            List<String> engines,
            boolean virtual,
            long seed,
            int runs,
            int clients,
            ResilienceConfig holdfast,
            List<String> settings,
            String command,
            @Nullable Path report,
            boolean json,
            boolean strict) {}

    StormRun(PrintWriter out, PrintWriter err, Surroundings surroundings) {
        this(Storms.standard(), out, err, surroundings);
    }

    StormRun(Laboratory laboratory, PrintWriter out, PrintWriter err, Surroundings surroundings) {
        this.laboratory = laboratory;
        this.out = out;
        this.err = err;
        this.surroundings = surroundings;
    }

    /** Names everything that can be asked for. */
    int list(boolean json) {
        if (json) {
            ObjectNode names = new JsonMapper().createObjectNode();
            laboratory.scenarios().forEach(names.putArray("scenarios")::add);
            laboratory.engines().forEach(names.putArray("engines")::add);
            VirtualLaboratory.engines().forEach(names.putArray("virtual_engines")::add);
            out.println(names);
        } else {
            out.println("scenarios: " + String.join(", ", laboratory.scenarios()));
            out.println("engines:   " + String.join(", ", laboratory.engines()));
            out.println("--virtual: " + String.join(", ", VirtualLaboratory.engines()));
        }
        out.flush();
        return 0;
    }

    /** The exit code: that the storms have run is success, whatever they found, unless the wish is strict. */
    int run(Wish wish) throws IOException {
        check("scenario", wish.scenarios(), laboratory.scenarios());
        check("engine", wish.engines(), wish.virtual() ? VirtualLaboratory.engines() : laboratory.engines());
        StormResult storm;
        try (StormProgress progress = new StormProgress(err, Terminal.present())) {
            storm = laboratory.run(options(wish), progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        storm = withSurroundings(storm, load);
        tellLoad(storm, load);
        if (wish.report() != null) {
            Files.writeString(wish.report(), StormHtml.of(storm));
            err.println("report " + wish.report());
        }
        Colours colours = Colours.ofTerminal();
        out.println(wish.json() ? StormJson.of(storm) : new StormText(width(), colours::red).of(storm));
        out.flush();
        return verdict(wish, storm);
    }

    private static void check(String what, List<String> asked, List<String> known) {
        for (String name : asked) {
            if (!known.contains(name)) {
                throw new UsageException(
                        "there is no " + what + " '" + name + "' here; there are: " + String.join(", ", known));
            }
        }
    }

    private static StormOptions options(Wish wish) {
        return new StormOptions(
                wish.virtual() ? Form.VIRTUAL_TIME : Form.REAL_TIME,
                wish.scenarios(),
                wish.engines(),
                wish.seed(),
                wish.runs(),
                wish.clients(),
                wish.holdfast(),
                wish.settings(),
                wish.command());
    }

    /** Which build ran, and beside what else. */
    private static StormResult withSurroundings(StormResult storm, double load) {
        List<String> machine = new ArrayList<>(storm.machine());
        if (load >= 0) {
            machine.add("load " + rounded(load) + " at the end");
        }
        BuildFacts build = BuildFacts.read();
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("holdfast", build.version() + " (" + build.commit() + ")");
        storm.versions().forEach(versions::putIfAbsent);
        return new StormResult(
                storm.command(),
                storm.seed(),
                storm.form(),
                storm.timeFactor(),
                machine,
                versions,
                storm.settings(),
                storm.scenarios());
    }

    /** Over sockets a storm is real time, and who comes late to the processor is late in the storm. */
    private void tellLoad(StormResult storm, double load) {
        int processors = Runtime.getRuntime().availableProcessors();
        if (storm.form() == Form.REAL_TIME && load > MOST_LOAD * processors) {
            err.println("the machine is busy (load " + rounded(load) + " on " + processors
                    + " processors): do not rely on these figures, run again when it is idle");
        }
    }

    private static String rounded(double load) {
        return String.format(Locale.ROOT, "%.1f", load);
    }

    private int verdict(Wish wish, StormResult storm) {
        long failed = storm.scenarios().stream()
                .flatMap(scenario -> scenario.engines().stream())
                .map(EngineResult::checks)
                .flatMap(List::stream)
                .filter(check -> !check.holds())
                .count();
        if (failed == 0 || !wish.strict()) {
            return 0;
        }
        err.println("holdfast: " + failed + (failed == 1 ? " demand fails" : " demands fail")
                + "; the lines with ✗ say which. A busy machine can be the cause: try again with --runs 3");
        return Main.FAILED;
    }

    /** Of the terminal, where the shell tells it. */
    private int width() {
        String columns = surroundings.environment().apply("COLUMNS");
        return columns == null || !columns.matches("[0-9]{2,4}")
                ? USUAL_WIDTH
                : Math.max(NARROWEST, Integer.parseInt(columns));
    }
}
