// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphBuilder;
import dev.holdfast.graph.NodeSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** Graphs with branches, written as chains: {@code s>a>m} joins s to a and a to m on success. */
final class Shapes {
    private Shapes() {}

    static final Map<String, Graph> ALL = new LinkedHashMap<>();

    static {
        ALL.put("diamond", of("s>a>m", "s>b>m"));
        ALL.put("unequal", of("s>a>m>t", "s>b>b2>b3>m"));
        ALL.put("straight to the join", of("s>m>t", "s>a>b>m"));
        ALL.put("three", of("s>a>m", "s>b>m", "s>c>c2>m"));
        ALL.put("nested", of("s>a>a1>am>m>t", "a>a2>a3>am", "s>b>m"));
        ALL.put("nested, one join", of("s>a>a1>m>t", "a>a2>m", "s>b>m"));
        ALL.put("diverging", of("s>a>a2", "s>b>b2>b3"));
        ALL.put("diverging inside", of("s>a>a1", "a>a2>m", "s>b>m>t"));
        ALL.put("loop inside", loopInside());
        ALL.put("back to the start", backToTheStart());
    }

    static Graph of(String... chains) {
        return builder(chains).build();
    }

    static GraphBuilder builder(String... chains) {
        GraphBuilder graph = Graph.builder("shape");
        Map<String, Boolean> known = new LinkedHashMap<>();
        for (String chain : chains) {
            String[] nodes = chain.split(">");
            for (int i = 0; i < nodes.length; i++) {
                if (known.put(nodes[i], true) == null) {
                    graph.node(NodeSpec.builder(nodes[i], "made").maxNodeVisits(0));
                }
            }
        }
        Map<String, Boolean> edges = new LinkedHashMap<>();
        for (String chain : chains) {
            String[] nodes = chain.split(">");
            for (int i = 1; i < nodes.length; i++) {
                if (edges.put(nodes[i - 1] + ">" + nodes[i], true) == null) {
                    graph.edge(EdgeSpec.onSuccess(nodes[i - 1], nodes[i]));
                }
            }
        }
        return graph;
    }

    /** In one branch x runs three times before the join; x counts its visits in the memory. */
    private static Graph loopInside() {
        return builder("s>x", "s>b>m>t")
                .node(NodeSpec.builder("y", "made").maxNodeVisits(0))
                .edge(EdgeSpec.onSuccess("x", "y"))
                .edge(EdgeSpec.when("y", "x", "x < 3"))
                .edge(EdgeSpec.when("y", "m", "x >= 3"))
                .build();
    }

    /** Both branches lead back to s, which goes on after its second visit. */
    private static Graph backToTheStart() {
        return builder("s0>s", "a>s", "b>s")
                .node(NodeSpec.builder("fan", "made").maxNodeVisits(0))
                .node(NodeSpec.builder("end", "made").maxNodeVisits(0))
                .edge(EdgeSpec.when("s", "end", "s >= 2"))
                .edge(EdgeSpec.when("s", "fan", "s < 2"))
                .edge(EdgeSpec.onSuccess("fan", "a"))
                .edge(EdgeSpec.onSuccess("fan", "b"))
                .terminal("end")
                .build();
    }
}
