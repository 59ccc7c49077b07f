// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphBuilder;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.checkpoint.MemoryCheckpointStore;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.graph.run.GraphExecutor;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.action.AsyncNodeAction;
import org.bsc.langgraph4j.state.AgentState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What a step of a graph costs beside its node's own work: ten nodes in a row, each of which gives one value at once, with
 * one edge to the next. The figure is per step. The caller waits for the result; the start and the end of a run, which cross
 * threads here, are part of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GraphBenchmark {
    private static final int STEPS = 10;
    private static final Map<String, Object> OUTPUT = Map.of("value", 1L);

    private final Graph graph = graph();
    private final GraphExecutor holdfast = GraphExecutor.builder()
            .nodeType("work", context -> CompletableFuture.completedFuture(NodeResult.of(OUTPUT)))
            .build();
    private final GraphExecutor withCheckpoints = GraphExecutor.builder()
            .nodeType("work", context -> CompletableFuture.completedFuture(NodeResult.of(OUTPUT)))
            .store(new MemoryCheckpointStore())
            .build();
    private final CompiledGraph<AgentState> compiled = compiled();

    private static Graph graph() {
        GraphBuilder graph = Graph.builder("bench");
        for (int i = 1; i <= STEPS; i++) {
            graph.node(NodeSpec.builder("n" + i, "work").outputs("value"));
            if (i > 1) {
                graph.edge(EdgeSpec.onSuccess("n" + (i - 1), "n" + i));
            }
        }
        return graph.terminal("n" + STEPS).build();
    }

    private static CompiledGraph<AgentState> compiled() {
        try {
            AsyncNodeAction<AgentState> work = state -> CompletableFuture.completedFuture(OUTPUT);
            StateGraph<AgentState> graph = new StateGraph<>(AgentState::new);
            for (int i = 1; i <= STEPS; i++) {
                graph.addNode("n" + i, work);
                graph.addEdge(i == 1 ? StateGraph.START : "n" + (i - 1), "n" + i);
            }
            return graph.addEdge("n" + STEPS, StateGraph.END).compile();
        } catch (GraphStateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public Object holdfast() {
        return holdfast.run(graph, Map.of()).join();
    }

    /** As {@link #holdfast}, with the state written as JSON after each step. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public Object holdfastWithCheckpoints() {
        return withCheckpoints.run(graph, Map.of()).join();
    }

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public Object langGraph4j() {
        return compiled.invoke(Map.of()).orElseThrow();
    }
}
