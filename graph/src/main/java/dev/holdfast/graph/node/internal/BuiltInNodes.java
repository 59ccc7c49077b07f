// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.node.GraphFunction;
import dev.holdfast.graph.node.Judge;
import dev.holdfast.graph.node.Node;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the work of a node by its type. */
public final class BuiltInNodes {
    private static final Node LLM = context -> new LlmNode(context).run();
    private static final Node ROUTER = context -> new RouterNode(context).run();
    private static final Node HUMAN = HumanInputNode::run;

    private final Map<String, GraphFunction> functions;
    private final Node eventLoop;

    public BuiltInNodes(Map<String, GraphFunction> functions, @Nullable Judge judge) {
        this.functions = functions;
        this.eventLoop = context -> new EventLoop(context, judge).run();
    }

    /** Null for an unknown type, and for a function that is not registered. */
    public @Nullable Node node(NodeSpec spec) {
        return switch (spec.nodeType()) {
            case NodeSpec.LLM_GENERATE, NodeSpec.LLM_TOOL_USE -> LLM;
            case NodeSpec.EVENT_LOOP -> eventLoop;
            case NodeSpec.ROUTER -> ROUTER;
            case NodeSpec.HUMAN_INPUT -> HUMAN;
            case NodeSpec.FUNCTION -> function(spec);
            default -> null;
        };
    }

    private @Nullable Node function(NodeSpec spec) {
        String named = spec.function();
        GraphFunction function = named == null ? null : functions.get(named);
        GraphFunction found = function != null ? function : functions.get(spec.id());
        return found == null ? null : context -> FunctionNode.run(found, context);
    }
}
