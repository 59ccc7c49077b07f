// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keys of the memory: what is read and never written. */
final class KeyRules {
    private static final Set<String> ALWAYS = Set.of("output", "memory", "result", "true", "false", "null");

    private final Graph graph;
    private final GraphIndex index;
    private final Findings findings;

    KeyRules(Graph graph, GraphIndex index, Findings findings) {
        this.graph = graph;
        this.index = index;
        this.findings = findings;
    }

    void check() {
        Set<String> written = new HashSet<>(graph.memoryKeys());
        graph.nodes().forEach(node -> written.addAll(node.outputKeys()));
        graph.edges().forEach(edge -> written.addAll(edge.inputMapping().keySet()));
        Set<String> given = givenFromOutside();
        conditions(written, given);
        inputs(written, given);
    }

    /** What a run is given, as far as the definition says: what the nodes at its ways in read. */
    private Set<String> givenFromOutside() {
        Set<String> given = new HashSet<>(graph.goal().inputSchema().keySet());
        Set<String> starts = new HashSet<>(Set.of(graph.entryNode()));
        starts.addAll(graph.entryPoints().values());
        graph.asyncEntryPoints().forEach(entry -> starts.add(entry.entryNode()));
        for (String start : starts) {
            NodeSpec node = index.node(start);
            given.addAll(node == null ? List.of() : node.inputKeys());
        }
        return given;
    }

    private void conditions(Set<String> written, Set<String> given) {
        for (int i = 0; i < graph.edges().size(); i++) {
            EdgeSpec edge = graph.edges().get(i);
            if (edge.condition() != EdgeCondition.CONDITIONAL || edge.expression() == null) {
                continue;
            }
            for (String name : edge.expression().names()) {
                NodeSpec source = index.node(edge.source());
                boolean known = written.contains(name)
                        || given.contains(name)
                        || ALWAYS.contains(name)
                        || source == null
                        || source.outputKeys().isEmpty();
                if (!known) {
                    findings.warning(
                            "unknown_name_in_expression",
                            "Edge '" + edge.id() + "' asks for '" + name
                                    + "', which no node writes; unless a run is given it, the edge is never followed",
                            graph.path() + ".edges[" + i + "].condition_expr");
                }
            }
        }
    }

    private void inputs(Set<String> written, Set<String> given) {
        for (int i = 0; i < graph.nodes().size(); i++) {
            NodeSpec node = graph.nodes().get(i);
            for (String key : node.inputKeys()) {
                if (!written.contains(key) && !given.contains(key)) {
                    findings.warning(
                            "input_never_written",
                            "Node '" + node.id() + "' reads '" + key + "', which no node writes",
                            graph.path() + ".nodes[" + i + "].input_keys");
                }
            }
        }
    }
}
