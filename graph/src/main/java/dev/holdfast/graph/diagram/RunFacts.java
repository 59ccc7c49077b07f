// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.diagram.RunTrace.Visit;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a run says about single nodes and ways. */
final class RunFacts {
    private record Way(String from, String to) {}

    private final RunTrace trace;
    private final Set<Way> ways = new HashSet<>();
    private final Set<Way> taken = new HashSet<>();

    RunFacts(Graph graph, RunTrace trace) {
        this.trace = trace;
        for (EdgeSpec edge : graph.edges()) {
            ways.add(new Way(edge.source(), edge.target()));
        }
        for (NodeSpec node : graph.nodes()) {
            node.routes().values().forEach(target -> ways.add(new Way(node.id(), target)));
        }
        follow(trace.visits().stream().map(Visit::node).toList());
    }

    /**
     * A path lists branches one after the other, so neighbours in it need not be joined: then the first was the end of a
     * branch, and the second the beginning of one.
     */
    private void follow(List<String> path) {
        for (int i = 0; i + 1 < path.size(); i++) {
            if (!take(path.get(i), path.get(i + 1))) {
                for (int later = i + 2; later < path.size() && !take(path.get(i), path.get(later)); later++) {}
                for (int earlier = i - 1; earlier >= 0 && !take(path.get(earlier), path.get(i + 1)); earlier--) {}
            }
        }
    }

    private boolean take(String from, String to) {
        Way way = new Way(from, to);
        if (ways.contains(way)) {
            taken.add(way);
        }
        return ways.contains(way);
    }

    RunTrace trace() {
        return trace;
    }

    boolean taken(String from, String to) {
        return taken.contains(new Way(from, to));
    }

    boolean visited(String node) {
        return trace.visits().stream().anyMatch(visit -> visit.node().equals(node));
    }

    boolean failed(String node) {
        boolean failed = false;
        for (Visit visit : trace.visits()) {
            failed = visit.node().equals(node) ? visit.failed() : failed;
        }
        return failed;
    }

    /** Such as {@code 2 visits · 1.2 s · 1 failed attempt}; empty for a node that was not visited. */
    String note(String node) {
        int visits = 0;
        int failures = 0;
        Duration time = Duration.ZERO;
        for (Visit visit : trace.visits()) {
            if (visit.node().equals(node)) {
                visits++;
                failures += visit.failedAttempts();
                time = time.plus(visit.elapsed());
            }
        }
        if (visits == 0) {
            return "";
        }
        return (visits == 1 ? "" : visits + " visits · ")
                + time(time)
                + (failures == 0 ? "" : " · " + failures + " failed attempt" + (failures == 1 ? "" : "s"));
    }

    static String time(Duration time) {
        long millis = time.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        return millis < 120_000
                ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
                : String.format(Locale.ROOT, "%.1f min", millis / 6e4);
    }
}
