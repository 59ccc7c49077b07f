// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.graph.Finding;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphCheck;
import java.util.ArrayList;
import java.util.List;

/** The verdict on a definition for people: one line for the file, below it one entry per finding. */
final class GraphFindingsText {
    private final Colours colours;

    GraphFindingsText(Colours colours) {
        this.colours = colours;
    }

    String of(String file, GraphCheck check) {
        StringBuilder out = new StringBuilder();
        String verdict = check.valid() ? "valid" : check.loads() ? "invalid" : "does not load";
        out.append(check.valid() ? "✓ " : colours.red("✗ "))
                .append(printable(file))
                .append(": ")
                .append(check.valid() ? verdict : colours.red(verdict))
                .append(colours.faint(facts(check)))
                .append('\n');
        check.errors().forEach(finding -> append(finding, colours.red("error"), out));
        check.warnings().forEach(finding -> append(finding, "warning", out));
        return out.toString();
    }

    private static String facts(GraphCheck check) {
        List<String> facts = new ArrayList<>();
        Graph graph = check.graph();
        if (graph != null) {
            facts.add(count(graph.nodes().size(), "node"));
            facts.add(count(graph.edges().size(), "edge"));
        }
        if (!check.errors().isEmpty()) {
            facts.add(count(check.errors().size(), "error"));
        }
        if (!check.warnings().isEmpty()) {
            facts.add(count(check.warnings().size(), "warning"));
        }
        return facts.isEmpty() ? "" : " (" + String.join(", ", facts) + ")";
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private void append(Finding finding, String kind, StringBuilder out) {
        out.append("    ")
                .append(kind)
                .append(": ")
                .append(printable(finding.message()))
                .append("\n        ")
                .append(colours.faint(printable(finding.path()) + "  " + finding.code()))
                .append('\n');
    }

    String summary(int files, int valid, int unreadable) {
        int invalid = files - valid - unreadable;
        String summary = valid + " of " + files + " valid";
        return invalid == 0 && unreadable == 0
                ? summary
                : colours.red(summary + (unreadable > 0 ? ", " + unreadable + " cannot be read" : ""));
    }

    /** What a file holds must not command a terminal. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(point -> clean.appendCodePoint(Character.isISOControl(point) ? '\ufffd' : point));
        return clean.toString();
    }
}
