// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What Hive checks, in its order and its words. */
final class HiveRules {
    private static final List<String> ISOLATION_LEVELS = List.of("isolated", "shared", "synchronized");
    private static final List<String> TRIGGER_TYPES = List.of("webhook", "api", "timer", "event", "manual");

    private final Graph graph;
    private final GraphIndex index;
    private final Findings findings;

    HiveRules(Graph graph, GraphIndex index, Findings findings) {
        this.graph = graph;
        this.index = index;
        this.findings = findings;
    }

    void check() {
        if (!index.has(graph.entryNode())) {
            error("entry_node_not_found", "Entry node '" + graph.entryNode() + "' not found", ".entry_node");
        }
        asyncEntryPoints();
        for (int i = 0; i < graph.terminalNodes().size(); i++) {
            String id = graph.terminalNodes().get(i);
            if (!index.has(id)) {
                error("terminal_node_not_found", "Terminal node '" + id + "' not found", ".terminal_nodes[" + i + "]");
            }
        }
        edges();
        reach();
        for (int i = 0; i < graph.nodes().size(); i++) {
            if (index.isFirst(i)) {
                fanOut(graph.nodes().get(i), ".nodes[" + i + "]");
            }
        }
    }

    private void asyncEntryPoints() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < graph.asyncEntryPoints().size(); i++) {
            AsyncEntryPoint entry = graph.asyncEntryPoints().get(i);
            String of = "Async entry point '" + entry.id() + "'";
            String path = ".async_entry_points[" + i + "]";
            if (!seen.add(entry.id())) {
                error(
                        "duplicate_async_entry_point",
                        "Duplicate async entry point ID: '" + entry.id() + "'",
                        path + ".id");
            }
            if (!index.has(entry.entryNode())) {
                error(
                        "async_entry_node_not_found",
                        of + " references missing node '" + entry.entryNode() + "'",
                        path + ".entry_node");
            }
            if (!ISOLATION_LEVELS.contains(entry.isolationLevel())) {
                error(
                        "invalid_isolation_level",
                        of + " has invalid isolation_level '" + entry.isolationLevel() + "'. Valid: "
                                + String.join(", ", ISOLATION_LEVELS),
                        path + ".isolation_level");
            }
            if (!TRIGGER_TYPES.contains(entry.triggerType())) {
                error(
                        "invalid_trigger_type",
                        of + " has invalid trigger_type '" + entry.triggerType() + "'. Valid: "
                                + String.join(", ", TRIGGER_TYPES),
                        path + ".trigger_type");
            }
        }
    }

    private void edges() {
        for (int i = 0; i < graph.edges().size(); i++) {
            EdgeSpec edge = graph.edges().get(i);
            String of = "Edge '" + edge.id() + "' references missing ";
            if (!index.has(edge.source())) {
                error("edge_source_not_found", of + "source '" + edge.source() + "'", ".edges[" + i + "].source");
            }
            if (!index.has(edge.target())) {
                error("edge_target_not_found", of + "target '" + edge.target() + "'", ".edges[" + i + "].target");
            }
        }
    }

    private void reach() {
        List<String> starts = new ArrayList<>(List.of(graph.entryNode()));
        starts.addAll(graph.entryPoints().values());
        graph.asyncEntryPoints().forEach(entry -> starts.add(entry.entryNode()));
        BitSet reached = index.reach(starts, false);
        Set<String> pauses = new HashSet<>(graph.pauseNodes());
        for (int i = 0; i < graph.nodes().size(); i++) {
            String id = graph.nodes().get(i).id();
            if (!index.contains(reached, id) && !pauses.contains(id)) {
                error("unreachable_node", "Node '" + id + "' is unreachable from entry", ".nodes[" + i + "]");
            }
        }
    }

    private void fanOut(NodeSpec source, String path) {
        List<NodeSpec> targets = new ArrayList<>();
        for (EdgeSpec edge : index.outgoing(source.id())) {
            NodeSpec target = index.node(edge.target());
            if (edge.condition() == EdgeCondition.ON_SUCCESS && target != null) {
                targets.add(target);
            }
        }
        if (targets.size() < 2) {
            return;
        }
        List<NodeSpec> facing = targets.stream().filter(NodeSpec::clientFacing).toList();
        if (facing.size() > 1) {
            error(
                    "multiple_client_facing",
                    "Fan-out from '" + source.id() + "' has multiple client-facing nodes: "
                            + facing.stream()
                                    .map(node -> "'" + node.id() + "'")
                                    .collect(Collectors.joining(", ", "[", "]"))
                            + ". Only one branch may be client-facing.",
                    path);
        }
        Map<String, String> writers = new HashMap<>();
        for (NodeSpec target : targets) {
            if (target.nodeType().equals(NodeSpec.EVENT_LOOP)) {
                outputs(source, target, writers, path);
            }
        }
    }

    private void outputs(NodeSpec source, NodeSpec target, Map<String, String> writers, String path) {
        for (String key : target.outputKeys()) {
            String first = writers.putIfAbsent(key, target.id());
            if (first != null) {
                error(
                        "overlapping_output_key",
                        "Fan-out from '" + source.id() + "': event_loop nodes '" + first + "' and '" + target.id()
                                + "' both write to output_key '" + key
                                + "'. Give each branch keys of its own, or one result is lost.",
                        path);
            }
        }
    }

    private void error(String code, String message, String path) {
        findings.error(code, message, graph.path() + path);
    }
}
