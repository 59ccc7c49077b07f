// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
        outgoing.forEach(
                edges -> edges.sort(Comparator.comparingInt(EdgeSpec::priority).reversed()));
    }

    @Nullable
    NodeSpec node(String id) {
        Integer place = places.get(id);
        return place == null ? null : graph.nodes().get(place);
    }

    boolean has(String id) {
        return places.containsKey(id);
    }

    /** Whether this is the first node of its id. */
    boolean isFirst(int place) {
        return place(graph.nodes().get(place).id()) == place;
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

    /** How many edges each node is away from a start; -1 where it cannot be reached. */
    int[] depths(String start) {
        int[] depths = new int[graph.nodes().size()];
        Arrays.fill(depths, -1);
        Deque<Integer> open = new ArrayDeque<>();
        Integer first = places.get(start);
        if (first != null) {
            depths[first] = 0;
            open.add(first);
        }
        while (!open.isEmpty()) {
            int place = open.remove();
            for (EdgeSpec edge : outgoing.get(place)) {
                Integer target = places.get(edge.target());
                if (target != null && depths[target] < 0) {
                    depths[target] = depths[place] + 1;
                    open.add(target);
                }
            }
        }
        return depths;
    }

    /** Whether an edge leads to a node that is no further from the start than its source. */
    boolean leadsBack(EdgeSpec edge, int[] depths) {
        Integer source = places.get(edge.source());
        Integer target = places.get(edge.target());
        return source != null && target != null && depths[target] >= 0 && depths[target] <= depths[source];
    }

    /** Which nodes reach which, over edges and routes. */
    Reach reachOfAll() {
        int[][] targets = new int[graph.nodes().size()][];
        for (int i = 0; i < targets.length; i++) {
            Stream<String> ids = Stream.concat(
                    outgoing.get(i).stream().map(EdgeSpec::target), graph.nodes().get(i).routes().values().stream());
            targets[i] = ids.filter(places::containsKey)
                    .mapToInt(places::get)
                    .distinct()
                    .toArray();
        }
        return new Reach(targets);
    }

    /** The number of a node that is there. */
    int place(String id) {
        return Objects.requireNonNull(places.get(id), id);
    }
}
