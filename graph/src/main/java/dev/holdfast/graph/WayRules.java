// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ways through the graph: ends that cannot be reached, branches that never meet, loops that a visit limit cuts. */
final class WayRules {
    /** Beyond it the sets of what reaches what would fill memories. */
    private static final int MOST_NODES = 10_000;

    private final Graph graph;
    private final GraphIndex index;
    private final Findings findings;
    private final Set<String> ends;

    WayRules(Graph graph, GraphIndex index, Findings findings) {
        this.graph = graph;
        this.index = index;
        this.findings = findings;
        ends = new HashSet<>(graph.terminalNodes());
        ends.addAll(graph.pauseNodes());
    }

    void check() {
        BitSet reached = index.reach(List.of(graph.entryNode()), true);
        terminals(reached);
        for (int i = 0; i < graph.nodes().size(); i++) {
            NodeSpec node = graph.nodes().get(i);
            if (index.isFirst(i)) {
                deadEnd(node, i, reached);
            }
        }
        if (graph.nodes().size() > MOST_NODES) {
            warn(
                    "too_many_nodes",
                    "Branches and loops are not looked at in graphs of more than " + MOST_NODES + " nodes",
                    ".nodes");
            return;
        }
        Reach reach = index.reachOfAll();
        for (int i = 0; i < graph.nodes().size(); i++) {
            if (index.isFirst(i)) {
                fanOut(graph.nodes().get(i), i, reach);
            }
        }
        loops(reach);
    }

    private void terminals(BitSet reached) {
        for (int i = 0; i < graph.terminalNodes().size(); i++) {
            String id = graph.terminalNodes().get(i);
            if (index.has(id) && !index.contains(reached, id)) {
                warn(
                        "terminal_out_of_reach",
                        "Terminal node '" + id + "' cannot be reached from '" + graph.entryNode() + "'",
                        ".terminal_nodes[" + i + "]");
            }
        }
    }

    /** Only where terminals are declared: a graph without any ends where no edge is left. */
    private void deadEnd(NodeSpec node, int place, BitSet reached) {
        boolean sink = index.outgoing(node.id()).isEmpty() && node.routes().isEmpty();
        if (sink && reached.get(place) && !graph.terminalNodes().isEmpty() && !ends.contains(node.id())) {
            warn(
                    "dead_end",
                    "Node '" + node.id()
                            + "' has no way on and is no terminal node: a run ends there for want of an edge",
                    ".nodes[" + place + "]");
        }
    }

    private void fanOut(NodeSpec node, int place, Reach reach) {
        List<String> targets = new ArrayList<>();
        for (EdgeSpec edge : index.outgoing(node.id())) {
            boolean together = edge.condition() == EdgeCondition.ON_SUCCESS || edge.condition() == EdgeCondition.ALWAYS;
            if (together && index.has(edge.target()) && !targets.contains(edge.target())) {
                targets.add(edge.target());
            }
        }
        if (targets.size() < 2 || node.join() != null && index.has(node.join())) {
            return;
        }
        BitSet common = (BitSet) reach.from(index.place(targets.get(0))).clone();
        targets.forEach(target -> common.and(reach.from(index.place(target))));
        if (common.isEmpty()) {
            warn(
                    "fan_out_without_join",
                    "The branches from '" + node.id() + "' to " + String.join(", ", targets) + " never meet again",
                    ".nodes[" + place + "]");
        }
    }

    /** An edge that closes a loop at a node that comes before its source. */
    private void loops(Reach reach) {
        int[] depths = index.depths(graph.entryNode());
        for (int i = 0; i < graph.edges().size(); i++) {
            EdgeSpec edge = graph.edges().get(i);
            NodeSpec target = index.node(edge.target());
            if (target != null
                    && target.maxNodeVisits() == 1
                    && index.leadsBack(edge, depths)
                    && reach.from(index.place(edge.target())).get(index.place(edge.source()))) {
                warn(
                        "loop_cut_by_visits",
                        "Edge '" + edge.id() + "' leads back to '" + edge.target()
                                + "', which is visited once only: the second time it is passed over; set"
                                + " max_node_visits",
                        ".edges[" + i + "]");
            }
        }
    }

    private void warn(String code, String message, String path) {
        findings.warning(code, message, graph.path() + path);
    }
}
