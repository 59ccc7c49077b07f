// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.EdgeCondition;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.NodeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What can be known before the first step to make a run impossible. */
final class Preflight {
    private Preflight() {}

    static @Nullable RunError problem(Layout layout, GraphExecutor executor) {
        if (!layout.errors().isEmpty()) {
            return GraphExecutor.refused(null, List.of("Invalid graph: " + layout.errors()));
        }
        List<String> problems = new ArrayList<>();
        for (NodeSpec node : layout.graph().nodes()) {
            String problem = problem(node, executor);
            if (problem != null) {
                problems.add(problem);
            }
        }
        for (EdgeSpec edge : layout.graph().edges()) {
            if (edge.condition() == EdgeCondition.LLM_DECIDE
                    && executor.decider == null
                    && executor.llm(null) == null) {
                problems.add("edge '" + edge.id() + "' is decided by a model, and the executor has none");
            }
        }
        return problems.isEmpty() ? null : GraphExecutor.refused(null, problems);
    }

    private static @Nullable String problem(NodeSpec node, GraphExecutor executor) {
        if (executor.node(node) == null) {
            return node.nodeType().equals(NodeSpec.FUNCTION)
                    ? "Function node '" + node.id() + "' not registered. Register the function '"
                            + (node.function() == null ? node.id() : node.function()) + "' with the executor"
                    : "Invalid node type '" + node.nodeType() + "' for node '" + node.id() + "'. Must be one of: "
                            + NodeSpec.TYPES + ", or registered with the executor";
        }
        TreeSet<String> missing = new TreeSet<>(node.tools());
        missing.removeAll(executor.tools.keySet());
        if (!missing.isEmpty() && !executor.isCustom(node)) {
            return "Missing tools: Node '" + node.name() + "' (id=" + node.id() + ") requires tools " + missing
                    + " but they are not registered. Available tools: "
                    + (executor.tools.isEmpty() ? "none" : new TreeSet<>(executor.tools.keySet()));
        }
        boolean asksModel = List.of(NodeSpec.LLM_GENERATE, NodeSpec.LLM_TOOL_USE, NodeSpec.EVENT_LOOP)
                .contains(node.nodeType());
        if (asksModel && !executor.isCustom(node)) {
            if (executor.llm(node.model()) == null) {
                return "LLM not available: node '" + node.id() + "' needs a model";
            }
            if (node.nodeType().equals(NodeSpec.LLM_TOOL_USE) && node.tools().isEmpty()) {
                return "Node '" + node.id() + "' is type 'llm_tool_use' but declares no tools";
            }
        }
        return null;
    }
}
