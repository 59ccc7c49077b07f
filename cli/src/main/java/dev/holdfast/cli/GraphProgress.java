// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.event.GraphListener;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what happens to a run while it happens: one line per node that is done, and one per fact worth knowing. */
final class GraphProgress implements GraphListener {
    private final PrintWriter err;
    private final Colours colours;
    private final Map<String, String> causes = new HashMap<>();

    GraphProgress(PrintWriter err, Colours colours) {
        this.err = err;
        this.colours = colours;
    }

    @Override
    public void on(GraphEvent event) {
        String line = line(event);
        if (line != null) {
            err.println(line);
            err.flush();
        }
    }

    private @Nullable String line(GraphEvent event) {
        if (event instanceof GraphEvent.RunStarted started) {
            return colours.faint((started.resumed() ? "resume " : "run ") + started.run() + " of " + started.graph());
        }
        if (event instanceof GraphEvent.AttemptEnded ended && ended.outcome() == Outcome.FAILURE) {
            causes.put(ended.branch() + " " + ended.node(), String.valueOf(ended.message()));
            return null;
        }
        if (event instanceof GraphEvent.NodeEnded ended) {
            return node(ended);
        }
        if (event instanceof GraphEvent.RetryScheduled retry) {
            return colours.faint(indent(retry.branch()) + "retry " + retry.attempt() + "/" + retry.maxAttempts() + " "
                    + retry.node() + " in " + Durations.text(retry.delay()) + " (" + retry.category() + ")");
        }
        if (event instanceof GraphEvent.NodeSkipped skipped) {
            return colours.faint(indent(skipped.branch()) + "skip " + skipped.node() + ": it has had all its visits");
        }
        if (event instanceof GraphEvent.InputsMissing missing) {
            return colours.faint(indent(missing.branch()) + "missing inputs of " + missing.node() + ": "
                    + String.join(", ", missing.keys()));
        }
        if (event instanceof GraphEvent.EdgeProblem problem) {
            return colours.faint(
                    indent(problem.branch()) + "edge " + problem.edge() + " is not followed: " + problem.problem());
        }
        if (event instanceof GraphEvent.BranchesStarted started) {
            return colours.faint("branches " + started.branches().size() + " from " + started.source()
                    + (started.join() == null ? "" : ", meeting at " + started.join()));
        }
        if (event instanceof GraphEvent.RunEnded ended) {
            String reason = ended.stopReason().toString();
            String quality = ended.quality().toString();
            String how = reason.equals(quality) ? reason : reason + ", " + quality;
            return colours.faint(how + ", " + Durations.text(ended.elapsed()));
        }
        return null;
    }

    private String node(GraphEvent.NodeEnded ended) {
        String tries = ended.attempts() > 1 ? ", " + ended.attempts() + " attempts" : "";
        String visit = ended.visit() > 1 ? " (visit " + ended.visit() + ")" : "";
        String cause = causes.remove(ended.branch() + " " + ended.node());
        if (ended.outcome() == Outcome.SUCCESS) {
            return indent(ended.branch()) + "✓ " + ended.node() + visit + " " + Durations.text(ended.elapsed()) + tries;
        }
        return indent(ended.branch())
                + colours.red("✗ " + ended.node() + visit + " " + Durations.text(ended.elapsed()) + tries + " ("
                        + ended.category() + (cause == null ? "" : ": " + cause) + ")");
    }

    /** Two blanks per branch that the path is in. */
    private static String indent(String branch) {
        return branch.isEmpty()
                ? ""
                : "  ".repeat((int) branch.chars().filter(c -> c == '>').count());
    }
}
