// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.report;

import dev.holdfast.storm.result.EngineResult;
import dev.holdfast.storm.result.EngineResult.Check;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A run of the storms for a terminal: a small table for each scenario. What is too wide is left out or cut: columns from the
 * right as far as those before them are enough, then the names, then further columns, never goodput.
 *
 * @param width in characters
 * @param alarm marks what should not be, such as by colour
 */
public record StormText(int width, UnaryOperator<String> alarm) {
    private static final int LONGEST_NAME = 24;
    private static final int SHORTEST_NAME = 12;
    private static final int ENOUGH_COLUMNS = 7;

    private record Column(String title, Function<EngineResult, String> value, boolean wanted) {}

    /** The tables, with a line for each demand that fails; ends without a newline. */
    public String of(StormResult storm) {
        List<String> lines = new ArrayList<>();
        for (ScenarioResult scenario : storm.scenarios()) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            scenario(lines, scenario);
        }
        if (storm.scenarios().stream().anyMatch(StormText::isDemanding)) {
            lines.add("");
            lines.add(verdict(storm));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static boolean isDemanding(ScenarioResult scenario) {
        return scenario.engines().stream().anyMatch(engine -> !engine.checks().isEmpty());
    }

    private void scenario(List<String> lines, ScenarioResult scenario) {
        lines.addAll(Figures.wrapped(plain(scenario.name()) + ": " + plain(scenario.what()), width));
        int longest = scenario.engines().stream()
                .mapToInt(engine -> plain(engine.label()).length())
                .max()
                .orElse(0);
        List<Column> columns = new ArrayList<>(columns(scenario));
        int room = Math.min(longest, LONGEST_NAME);
        while (columns.size() > 1 && 2 + room + wide(columns, scenario) > width) {
            if (room > SHORTEST_NAME && columns.size() <= ENOUGH_COLUMNS) {
                room--;
            } else {
                columns.remove(columns.size() - 1);
            }
        }
        lines.add(line("", room, columns, Column::title, scenario));
        for (EngineResult engine : scenario.engines()) {
            lines.add(line(
                    plain(engine.label()),
                    room,
                    columns,
                    column -> column.value().apply(engine),
                    scenario));
        }
        for (EngineResult engine : scenario.engines()) {
            engine.checks().stream()
                    .filter(check -> !check.holds())
                    .forEach(check -> lines.add(alarm.apply("  ✗ " + plain(engine.label()) + ": " + demand(check))));
        }
    }

    private static String demand(Check check) {
        return plain(check.demand()) + ", found " + plain(check.found());
    }

    /** From what must be seen to what may be missed. */
    private static List<Column> columns(ScenarioResult scenario) {
        boolean outage = scenario.engines().stream().anyMatch(engine -> engine.amplificationInOutage() != null);
        boolean cut = scenario.engines().stream().anyMatch(engine -> engine.truncated() + engine.duplicated() > 0);
        return List.of(
                        new Column("goodput", engine -> Figures.share(engine.ofOracle()), true),
                        new Column("req/call", engine -> Figures.factor(engine.amplification()), true),
                        new Column("outage", engine -> Figures.factor(engine.amplificationInOutage()), outage),
                        new Column("p50", engine -> Figures.duration(engine.p50()), true),
                        new Column("p99", engine -> Figures.duration(engine.p99()), true),
                        new Column("recovery", engine -> Figures.recovery(scenario, engine), true),
                        new Column("cut/twice", engine -> engine.truncated() + "/" + engine.duplicated(), cut),
                        new Column("rejected", engine -> Figures.count(engine.rejected()), true),
                        new Column("wasted", engine -> Figures.count(engine.tokensWasted()), true))
                .stream()
                .filter(Column::wanted)
                .toList();
    }

    private static int wide(List<Column> columns, ScenarioResult scenario) {
        return columns.stream().mapToInt(column -> 2 + wide(column, scenario)).sum();
    }

    private static int wide(Column column, ScenarioResult scenario) {
        return Math.max(
                column.title().length(),
                scenario.engines().stream()
                        .mapToInt(engine -> column.value().apply(engine).length())
                        .max()
                        .orElse(0));
    }

    private static String line(
            String name, int room, List<Column> columns, Function<Column, String> value, ScenarioResult scenario) {
        String shown = name.length() > room ? name.substring(0, Math.max(1, room - 1)) + "…" : name;
        StringBuilder line = new StringBuilder("  ").append(shown).append(" ".repeat(room - shown.length()));
        for (Column column : columns) {
            String text = value.apply(column);
            line.append(" ".repeat(2 + wide(column, scenario) - text.length())).append(text);
        }
        return line.toString().stripTrailing();
    }

    private String verdict(StormResult storm) {
        List<Check> checks = storm.scenarios().stream()
                .flatMap(scenario -> scenario.engines().stream())
                .flatMap(engine -> engine.checks().stream())
                .toList();
        long held = checks.stream().filter(Check::holds).count();
        String verdict = "demands that hold: " + held + " of " + checks.size();
        return held == checks.size() ? verdict : alarm.apply(verdict);
    }

    /** A name can hold what a terminal would obey. */
    static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ");
    }
}
