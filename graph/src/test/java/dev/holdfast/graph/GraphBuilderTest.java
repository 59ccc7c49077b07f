// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GraphBuilderTest {
    @Test
    void firstNodeIsTheEntryUnlessOneIsNamed() {
        Graph graph = Graph.builder("g")
                .node(NodeSpec.llm("ask", "Ask.").outputs("answer"))
                .node(NodeSpec.function("store").inputs("answer"))
                .edge(EdgeSpec.onSuccess("ask", "store"))
                .terminal("store")
                .build();

        assertThat(graph.entryNode()).isEqualTo("ask");
        assertThat(graph.toBuilder().entry("store").build().entryNode()).isEqualTo("store");
    }

    @Test
    void edgesLeaveByPriorityAndThenByDeclaration() {
        Graph graph = Graph.builder("g")
                .edge(EdgeSpec.when("a", "low", "x < 1").withPriority(-1))
                .edge(EdgeSpec.when("a", "first", "x == 1"))
                .edge(EdgeSpec.when("a", "second", "x == 2"))
                .edge(EdgeSpec.when("a", "high", "x > 2").withPriority(3))
                .build();

        assertThat(graph.outgoing("a")).extracting(EdgeSpec::target).containsExactly("high", "first", "second", "low");
    }

    @Test
    void aBuilderThatStartsFromAGraphGivesThatGraph() {
        Graph graph = Graph.builder("g")
                .goal(Goal.builder("goal", "Goal", "Do it.")
                        .criterion(SuccessCriterion.of("c", "Done."))
                        .build())
                .node(NodeSpec.builder("a", NodeSpec.EVENT_LOOP)
                        .outputs("x")
                        .nullableOutputs("x")
                        .clientFacing(true))
                .entryPoint("start", "a")
                .asyncEntryPoint(AsyncEntryPoint.of("hook", "a"))
                .pauseAfter("a")
                .build();

        assertThat(graph.toBuilder().build()).isEqualTo(graph);
        assertThat(graph.nodes().get(0).toBuilder().build())
                .isEqualTo(graph.nodes().get(0));
        assertThat(graph.goal().toBuilder().build()).isEqualTo(graph.goal());
    }
}
