// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a definition. Errors are what Hive reports, in its words; warnings are what it overlooks and
 * whoever runs the graph will not. Checks that need a run, such as tools and functions that nobody registered, are made
 * there.
 */
public final class GraphValidator {
    private GraphValidator() {}

    /** Judges a graph that was made in Java, or read before. */
    public static GraphCheck check(Graph graph) {
        Findings findings = new Findings();
        validate(graph, findings);
        return result(true, findings, graph);
    }

    /** Reads a definition and judges it. Never throws: bytes that hold no definition are an error among the others. */
    public static GraphCheck check(byte[] file) {
        Findings findings = new Findings();
        Graph graph = new GraphReader(findings).read(file);
        boolean loads = graph != null && !findings.hasErrors();
        if (graph != null) {
            validate(graph, loads ? findings : findings.onlyWarnings());
        }
        return result(loads, findings, graph);
    }

    private static void validate(Graph graph, Findings findings) {
        GraphIndex index = new GraphIndex(graph);
        new HiveRules(graph, index, findings).check();
        new WiringRules(graph, index, findings).check();
        new KeyRules(graph, index, findings).check();
        new WayRules(graph, index, findings).check();
    }

    private static GraphCheck result(boolean loads, Findings findings, @Nullable Graph graph) {
        return new GraphCheck(loads, loads && !findings.hasErrors(), findings.errors(), findings.warnings(), graph);
    }
}
