// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.condition.ConditionProblem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ids, types, routes, expressions, pauses: what names something that is not there, or not what it should be. */
final class WiringRules {
    private static final String RESUME = "_resume";

    private final Graph graph;
    private final GraphIndex index;
    private final Findings findings;

    WiringRules(Graph graph, GraphIndex index, Findings findings) {
        this.graph = graph;
        this.index = index;
        this.findings = findings;
    }

    void check() {
        duplicates();
        for (int i = 0; i < graph.nodes().size(); i++) {
            node(graph.nodes().get(i), ".nodes[" + i + "]");
        }
        for (int i = 0; i < graph.edges().size(); i++) {
            expression(graph.edges().get(i), ".edges[" + i + "]");
        }
        pauses();
        if (graph.maxSteps() <= 0) {
            warn("no_steps", "max_steps is " + graph.maxSteps() + ": a run stops before its first node", ".max_steps");
        }
    }

    private void duplicates() {
        Set<String> nodes = new HashSet<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            String id = graph.nodes().get(i).id();
            if (!nodes.add(id)) {
                warn(
                        "duplicate_node_id",
                        "Node id '" + id + "' is used twice; only the first node is ever reached",
                        ".nodes[" + i + "].id");
            }
        }
        Map<String, Integer> edges = new HashMap<>();
        for (int i = 0; i < graph.edges().size(); i++) {
            String id = graph.edges().get(i).id();
            if (edges.putIfAbsent(id, i) != null) {
                warn("duplicate_edge_id", "Edge id '" + id + "' is used twice", ".edges[" + i + "].id");
            }
        }
    }

    private void node(NodeSpec node, String path) {
        String of = "Node '" + node.id() + "'";
        if (!NodeSpec.TYPES.contains(node.nodeType())) {
            warn(
                    "unknown_node_type",
                    of + " has the type '" + node.nodeType() + "', which must be registered for a run; known are "
                            + String.join(", ", NodeSpec.TYPES),
                    path + ".node_type");
        }
        if (node.nodeType().equals(NodeSpec.LLM_TOOL_USE) && node.tools().isEmpty()) {
            warn(
                    "tool_use_without_tools",
                    of + " is of type llm_tool_use and names no tools; Hive refuses to run it",
                    path + ".tools");
        }
        node.routes().forEach((route, target) -> {
            if (!index.has(target)) {
                warn(
                        "route_to_nowhere",
                        of + ": route '" + route + "' leads to '" + target + "', which is no node",
                        path + ".routes." + route);
            }
        });
        if (node.nodeType().equals(NodeSpec.ROUTER)
                && node.routes().isEmpty()
                && index.outgoing(node.id()).isEmpty()) {
            warn("router_without_ways", of + " is a router without routes and without edges", path + ".routes");
        }
        for (String key : node.nullableOutputKeys()) {
            if (!node.outputKeys().contains(key)) {
                warn(
                        "nullable_not_output",
                        of + ": nullable key '" + key + "' is not among its output keys",
                        path + ".nullable_output_keys");
            }
        }
        if (node.join() != null && !index.has(node.join())) {
            warn("join_to_nowhere", of + " joins at '" + node.join() + "', which is no node", path + ".join");
        }
    }

    private void expression(EdgeSpec edge, String path) {
        String of = "Edge '" + edge.id() + "'";
        String place = path + ".condition_expr";
        String text = edge.conditionExpr();
        boolean stated = text != null && !text.isBlank();
        if (edge.condition() != EdgeCondition.CONDITIONAL) {
            if (stated) {
                warn(
                        "expression_ignored",
                        of + " has an expression, but its condition is "
                                + edge.condition().word() + ", so it is never evaluated",
                        place);
            }
            return;
        }
        if (!stated || edge.expression() == null) {
            warn("empty_expression", of + " is conditional without an expression: it is always followed", place);
            return;
        }
        ConditionProblem problem = edge.expression().problem();
        if (problem != null) {
            warn(
                    problem.kind() == ConditionProblem.Kind.FORBIDDEN ? "forbidden_expression" : "malformed_expression",
                    of + " is never followed: " + problem.message() + ", at character " + (problem.position() + 1)
                            + " of `" + text + "`",
                    place);
        }
    }

    private void pauses() {
        List<String> pauses = graph.pauseNodes();
        for (int i = 0; i < pauses.size(); i++) {
            String id = pauses.get(i);
            if (!index.has(id)) {
                warn("pause_node_not_found", "Pause node '" + id + "' not found", ".pause_nodes[" + i + "]");
            } else if (!graph.entryPoints().containsKey(id + RESUME)) {
                warn(
                        "pause_without_resume",
                        "Pause node '" + id + "' has no entry point '" + id + RESUME
                                + "'; Hive resumes at the entry node instead",
                        ".pause_nodes[" + i + "]");
            }
        }
        graph.entryPoints().forEach((name, target) -> {
            if (!index.has(target)) {
                warn(
                        "entry_point_to_nowhere",
                        "Entry point '" + name + "' leads to '" + target + "', which is no node",
                        ".entry_points." + name);
            }
            if (name.endsWith(RESUME) && !pauses.contains(name.substring(0, name.length() - RESUME.length()))) {
                warn(
                        "resume_without_pause",
                        "Entry point '" + name + "' resumes after '"
                                + name.substring(0, name.length() - RESUME.length()) + "', which is no pause node",
                        ".entry_points." + name);
            }
        });
    }

    private void warn(String code, String message, String path) {
        findings.warning(code, message, graph.path() + path);
    }
}
