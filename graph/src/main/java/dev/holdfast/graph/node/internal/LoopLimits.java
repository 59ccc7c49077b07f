// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.graph.node.NodeContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of an event loop, from the graph's {@code loop_config}; what is not a number there counts as not stated.
 *
 * @param turns model turns until the node fails; 50, or 100 where it talks to a person
 * @param toolCallsPerTurn 10, and half as much again before further calls are refused
 * @param identicalTexts answers in a row that make a stalled loop; 3
 * @param historyTokens 32,000
 * @param toolResultChars longer results are cut; 3,000
 */
record LoopLimits(int turns, int toolCallsPerTurn, int identicalTexts, long historyTokens, int toolResultChars) {
    static LoopLimits of(NodeContext context) {
        Map<String, @Nullable Object> config = context.graph().loopConfig();
        int calls = (int) number(config, "max_tool_calls_per_turn", 10);
        double margin = config.get("tool_call_overflow_margin") instanceof Number given ? given.doubleValue() : 0.5;
        return new LoopLimits(
                (int) number(config, "max_iterations", context.node().clientFacing() ? 100 : 50),
                (int) Math.floor(calls * (1 + margin)),
                (int) number(config, "stall_detection_threshold", 3),
                number(config, "max_history_tokens", 32_000),
                (int) number(config, "max_tool_result_chars", 3_000));
    }

    private static long number(Map<String, @Nullable Object> config, String key, long otherwise) {
        return config.get(key) instanceof Number given && given.longValue() > 0 ? given.longValue() : otherwise;
    }
}
