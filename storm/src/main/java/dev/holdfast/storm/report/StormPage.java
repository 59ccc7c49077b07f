// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the figures of runs into the guide's page about storms, between the marks that are there for each form. */
public final class StormPage {
    private static final String END = "<!-- end -->";

    private StormPage() {}

    /**
     * Replaces the figures in a page.
     *
     * @param arguments the page, a directory for pictures, the scenarios to draw separated by commas, and then files that
     *     {@code holdfast storm --json} wrote, one for each form
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 4) {
            throw new IllegalArgumentException("needs PAGE.md IMAGES SCENARIO[,SCENARIO…] RUN.json…");
        }
        Path page = Path.of(arguments[0]);
        List<String> drawn = List.of(arguments[2].split(","));
        for (String file : List.of(arguments).subList(3, arguments.length)) {
            StormResult storm = StormReader.read(Files.readString(Path.of(file)));
            Files.writeString(page, with(Files.readString(page), storm));
            for (ScenarioResult scenario : storm.scenarios()) {
                if (storm.form() == Form.REAL_TIME && drawn.contains(scenario.name())) {
                    Path picture = Path.of(arguments[1], "storm-" + scenario.name() + ".svg");
                    Files.writeString(picture, StormPicture.of(storm, scenario));
                }
            }
        }
    }

    /** The page with the run's figures where those of its form were. */
    static String with(String page, StormResult storm) {
        String begin = "<!-- " + storm.form().name().toLowerCase(Locale.ROOT) + " -->";
        int from = page.indexOf(begin);
        int to = page.indexOf(END, from);
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("the page has no " + begin + " … " + END);
        }
        return page.substring(0, from + begin.length()) + "\n" + figures(storm) + page.substring(to);
    }

    private static String figures(StormResult storm) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("```");
        lines.add(storm.command());
        lines.add("```");
        lines.add("");
        lines.addAll(Figures.wrapped(
                "Machine: " + String.join(", ", storm.machine()) + ". Versions: "
                        + storm.versions().entrySet().stream()
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .collect(Collectors.joining(", "))
                        + ". Settings of Holdfast: "
                        + (storm.settings().isEmpty() ? "the defaults" : String.join("; ", storm.settings())) + ".",
                120));
        lines.add("");
        overview(lines, storm);
        storm.scenarios().forEach(scenario -> scenario(lines, scenario));
        lines.add("");
        return String.join("\n", lines);
    }

    private static void overview(List<String> lines, StormResult storm) {
        List<Cast.Member> members = new Cast(storm).members();
        lines.add("Goodput, of the oracle's:");
        lines.add("");
        lines.add("| scenario | "
                + members.stream().map(member -> cell(member.label())).collect(Collectors.joining(" | ")) + " |");
        lines.add("|---|" + "---|".repeat(members.size()));
        for (ScenarioResult scenario : storm.scenarios()) {
            StringBuilder row = new StringBuilder("| " + cell(scenario.name()) + " |");
            for (Cast.Member member : members) {
                EngineResult engine = Cast.of(scenario, member.engine());
                row.append(' ')
                        .append(engine == null ? Figures.NOTHING : Figures.share(engine.ofOracle()))
                        .append(" |");
            }
            lines.add(row.toString());
        }
    }

    private static void scenario(List<String> lines, ScenarioResult scenario) {
        lines.add("");
        lines.add("### " + cell(scenario.name()));
        lines.add("");
        lines.add(cell(Figures.sentence(scenario.what())));
        lines.add("");
        lines.add(
                "| engine | goodput | requests a call | in outage | p50 | p99 | recovery | cut | twice | tokens wasted"
                        + " | failed | rejected |");
        lines.add("|---|" + "---|".repeat(11));
        for (EngineResult engine : scenario.engines()) {
            Double spread = engine.spread();
            lines.add("| "
                    + String.join(
                            " | ",
                            cell(engine.label()),
                            Figures.share(engine.ofOracle())
                                    + (spread == null ? "" : " ± " + Figures.trimmed(50 * spread, 1)),
                            Figures.factor(engine.amplification()),
                            Figures.factor(engine.amplificationInOutage()),
                            Figures.duration(engine.p50()),
                            Figures.duration(engine.p99()),
                            Figures.recovery(scenario, engine),
                            Figures.count(engine.truncated()),
                            Figures.count(engine.duplicated()),
                            Figures.count(engine.tokensWasted()),
                            Figures.count(engine.failed()),
                            Figures.count(engine.rejected()))
                    + " |");
        }
        List<Check> checks = scenario.engines().stream()
                .flatMap(engine -> engine.checks().stream())
                .toList();
        if (!checks.isEmpty()) {
            lines.add("");
        }
        for (Check check : checks) {
            lines.add("- " + cell(check.demand()) + ": " + cell(check.found())
                    + (check.holds() ? ", **holds**" : ", **fails**"));
        }
    }

    /** What Markdown would take for the end of a cell, or for markup. */
    private static String cell(String text) {
        return StormText.plain(text).replace("|", "\\|").replace("<", "&lt;");
    }
}
