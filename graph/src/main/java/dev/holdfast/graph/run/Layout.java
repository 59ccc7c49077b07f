// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.EdgeCondition;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Finding;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphValidator;
import dev.holdfast.graph.NodeSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A graph as a run needs it: looked up instead of searched. Immutable, shared by the runs of one graph. */
final class Layout {
    private final Graph graph;
    private final Map<String, NodeSpec> nodes = new HashMap<>();
    private final Map<String, List<EdgeSpec>> outgoing = new HashMap<>();
    private final Set<String> terminal;
    private final Set<String> pausing;
    private final Joins joins;
    private final List<String> errors;

    Layout(Graph graph) {
        this.graph = graph;
        graph.nodes().forEach(node -> nodes.putIfAbsent(node.id(), node));
        graph.edges().forEach(edge -> outgoing.computeIfAbsent(edge.source(), ignored -> new ArrayList<>())
                .add(edge));
        outgoing.values()
                .forEach(edges -> edges.sort(Comparator.comparingInt(EdgeSpec::priority)
                        .reversed()
                        .thenComparing(edge -> !isExclusive(edge))));
        terminal = Set.copyOf(graph.terminalNodes());
        pausing = Set.copyOf(graph.pauseNodes());
        joins = new Joins(graph, this);
        errors = GraphValidator.check(graph).errors().stream()
                .map(Finding::message)
                .toList();
    }

    /** Whether an edge, when it holds, is followed alone. */
    static boolean isExclusive(EdgeSpec edge) {
        return edge.condition() == EdgeCondition.CONDITIONAL || edge.condition() == EdgeCondition.LLM_DECIDE;
    }

    Graph graph() {
        return graph;
    }

    /** Why the definition cannot be run at all; empty for a valid one. */
    List<String> errors() {
        return errors;
    }

    @Nullable
    NodeSpec node(String id) {
        return nodes.get(id);
    }

    /** By priority; of equal ones those with a condition first, or they could never be followed; then as declared. */
    List<EdgeSpec> outgoing(String node) {
        return outgoing.getOrDefault(node, List.of());
    }

    boolean isTerminal(String node) {
        return terminal.contains(node);
    }

    boolean isPausing(String node) {
        return pausing.contains(node);
    }

    @Nullable
    String join(String source, List<String> targets) {
        NodeSpec node = nodes.get(source);
        String declared = node == null ? null : node.join();
        return declared != null && nodes.containsKey(declared) ? declared : joins.join(targets);
    }
}
