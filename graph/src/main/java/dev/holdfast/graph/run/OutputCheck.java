// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.node.internal.SchemaCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a node gave what it declares. */
final class OutputCheck {
    private OutputCheck() {}

    /** What is wrong, one line each; empty when nothing is. */
    static List<String> problems(NodeSpec node, Map<String, @Nullable Object> output) {
        List<String> problems = new ArrayList<>();
        for (String key : node.outputKeys()) {
            if (node.nullableOutputKeys().contains(key)) {
                continue;
            }
            Object value = output.get(key);
            if (value == null) {
                problems.add(
                        output.containsKey(key)
                                ? "Output key '" + key + "' is None"
                                : "Missing required output key: '" + key + "'");
            } else if (value instanceof String text && text.isBlank()) {
                problems.add("Output key '" + key + "' is empty string");
            }
        }
        problems.addAll(SchemaCheck.problems(node.outputSchema(), output));
        return problems;
    }

    /** What goes into the memory: the declared keys, or everything where none is declared. */
    static Map<String, @Nullable Object> declared(NodeSpec node, Map<String, @Nullable Object> output) {
        if (node.outputKeys().isEmpty()) {
            return output;
        }
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        for (String key : node.outputKeys()) {
            if (output.containsKey(key)) {
                kept.put(key, output.get(key));
            }
        }
        return kept;
    }
}
