// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.EdgeCondition;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is to be drawn, before anything has a place: nodes with their texts, arrows with their labels. */
final class Picture {
    /** What an arrow stands for, as the name of a style. */
    enum Kind {
        SUCCESS,
        ALWAYS,
        CONDITION,
        FAILURE,
        MODEL,
        ROUTE
    }

    /**
     * @param name of the node, or its id where it has none
     * @param caption type and properties
     * @param note of a run; empty where there is none
     */
    record Box(
            NodeSpec node, String name, String caption, String note, boolean terminal, boolean pause, boolean failed) {}

    /** An arrow between boxes by their places; a full text beside the label, which may be cut. */
    record Arrow(int from, int to, Kind kind, String label, String full, boolean taken) {}

    final List<Box> boxes = new ArrayList<>();
    final List<Arrow> arrows = new ArrayList<>();
    final Graph graph;
    final @Nullable RunFacts run;
    final int entry;

    Picture(Graph graph, @Nullable RunTrace trace) {
        this.graph = graph;
        Map<String, Integer> places = new LinkedHashMap<>();
        graph.nodes().forEach(node -> places.putIfAbsent(node.id(), places.size()));
        run = trace == null ? null : new RunFacts(graph, trace);
        places.keySet().forEach(id -> boxes.add(box(id)));
        entry = places.getOrDefault(graph.entryNode(), -1);
        graph.edges().forEach(edge -> addEdge(edge, places));
        graph.nodes().forEach(node -> addRoutes(node, places));
    }

    private Box box(String id) {
        NodeSpec node = Objects.requireNonNull(graph.node(id), id);
        String name = TextSize.clean(node.name());
        return new Box(
                node,
                name.isEmpty() ? TextSize.clean(id) : name,
                caption(node),
                run == null ? "" : run.note(id),
                graph.terminalNodes().contains(id),
                graph.pauseNodes().contains(id),
                run != null && run.failed(id));
    }

    private String caption(NodeSpec node) {
        StringBuilder caption = new StringBuilder(TextSize.clean(node.nodeType()));
        if (!node.tools().isEmpty()) {
            caption.append(" · ")
                    .append(node.tools().size())
                    .append(node.tools().size() == 1 ? " tool" : " tools");
        }
        if (node.clientFacing()) {
            caption.append(" · client");
        }
        if (graph.pauseNodes().contains(node.id())) {
            caption.append(" · pauses");
        }
        return caption.toString();
    }

    private void addEdge(EdgeSpec edge, Map<String, Integer> places) {
        Integer from = places.get(edge.source());
        Integer to = places.get(edge.target());
        if (from == null || to == null) {
            return;
        }
        boolean taken = run != null && run.taken(edge.source(), edge.target());
        arrows.add(new Arrow(from, to, kind(edge.condition()), label(edge), full(edge), taken));
    }

    private static Kind kind(EdgeCondition condition) {
        return switch (condition) {
            case ALWAYS -> Kind.ALWAYS;
            case ON_SUCCESS -> Kind.SUCCESS;
            case ON_FAILURE -> Kind.FAILURE;
            case CONDITIONAL -> Kind.CONDITION;
            case LLM_DECIDE -> Kind.MODEL;
        };
    }

    private static String label(EdgeSpec edge) {
        return switch (edge.condition()) {
            case ON_SUCCESS -> "";
            case ALWAYS -> "always";
            case ON_FAILURE -> "on failure";
            case CONDITIONAL -> {
                String expression = edge.conditionExpr();
                yield expression == null || expression.isBlank() ? "no expression" : TextSize.clean(expression);
            }
            case LLM_DECIDE ->
                edge.description().isBlank() ? "model decides" : "model: " + TextSize.clean(edge.description());
        };
    }

    private static String full(EdgeSpec edge) {
        String expression = edge.conditionExpr();
        return edge.id() + ": " + edge.condition().word() + (expression == null ? "" : " " + expression) + ", priority "
                + edge.priority();
    }

    /** Routes are ways of their own only where no edge leads there. */
    private void addRoutes(NodeSpec node, Map<String, Integer> places) {
        Integer from = places.get(node.id());
        node.routes().forEach((route, target) -> {
            Integer to = places.get(target);
            if (from != null && to != null && arrows.stream().noneMatch(a -> a.from() == from && a.to() == to)) {
                boolean taken = run != null && run.taken(node.id(), target);
                arrows.add(new Arrow(
                        from, to, Kind.ROUTE, TextSize.clean(route), "route " + route + " of " + node.id(), taken));
            }
        });
    }
}
