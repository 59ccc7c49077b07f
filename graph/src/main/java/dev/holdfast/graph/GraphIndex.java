// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A graph by numbers, for walks over many nodes. Of nodes with the same id only the first is seen. Immutable. */
final class GraphIndex {
    private final Graph graph;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<List<EdgeSpec>> outgoing = new ArrayList<>();

    GraphIndex(Graph graph) {
        this.graph = graph;
        for (int i = 0; i < graph.nodes().size(); i++) {
            places.putIfAbsent(graph.nodes().get(i).id(), i);
            outgoing.add(new ArrayList<>());
        }
        for (EdgeSpec edge : graph.edges()) {
            Integer source = places.get(edge.source());
            if (source != null) {
                outgoing.get(source).add(edge);
            }
        }
        outgoing.forEach(edges ->
                edges.sort(Comparator.comparingInt(EdgeSpec::priority).reversed()));
    }

    @Nullable NodeSpec node(String id) {
        Integer place = places.get(id);
        return place == null ? null : graph.nodes().get(place);
    }

    boolean has(String id) {
        return places.containsKey(id);
    }

    /** Whether this is the first node of its id. */
    boolean isFirst(int place) {
        return places.get(graph.nodes().get(place).id()) == place;
    }

    /** The edges that leave a node, by priority and declaration. */
    List<EdgeSpec> outgoing(String id) {
        Integer place = places.get(id);
        return place == null ? List.of() : outgoing.get(place);
    }

    /** The nodes that can be reached from these, themselves included; routes are ways only where they are asked for. */
    BitSet reach(Collection<String> from, boolean routes) {
        BitSet reached = new BitSet();
        Deque<Integer> open = new ArrayDeque<>();
        from.forEach(id -> arrive(id, reached, open));
        while (!open.isEmpty()) {
            int place = open.pop();
            outgoing.get(place).forEach(edge -> arrive(edge.target(), reached, open));
            if (routes) {
                graph.nodes().get(place).routes().values().forEach(target -> arrive(target, reached, open));
            }
        }
        return reached;
    }

    private void arrive(String id, BitSet reached, Deque<Integer> open) {
        Integer place = places.get(id);
        if (place != null && !reached.get(place)) {
            reached.set(place);
            open.push(place);
        }
    }

    boolean contains(BitSet reached, String id) {
        Integer place = places.get(id);
        return place != null && reached.get(place);
    }
}
