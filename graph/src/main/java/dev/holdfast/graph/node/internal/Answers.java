// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node.internal;

import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.internal.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Outputs from what a person, or a script, gave. */
public final class Answers {
    private Answers() {}

    /** A JSON object gives its members where it has all needed keys; any other text is the value of every output key. */
    public static Map<String, @Nullable Object> outputs(NodeSpec node, String text) {
        Map<String, @Nullable Object> object = JsonText.object(text);
        if (object != null
                && !node.outputKeys().isEmpty()
                && missing(node, object).isEmpty()) {
            return object;
        }
        Map<String, @Nullable Object> outputs = new LinkedHashMap<>();
        for (String key : node.outputKeys().isEmpty() ? List.of("result") : node.outputKeys()) {
            outputs.put(key, text);
        }
        return outputs;
    }

    /** What was given on resume, as the text that a person might have typed. */
    static String text(Map<String, @Nullable Object> given) {
        if (given.size() == 1) {
            return Prompts.value(given.values().iterator().next());
        }
        return Prompts.value(given);
    }

    /** Output keys that are needed and not there. */
    static List<String> missing(NodeSpec node, Map<String, @Nullable Object> outputs) {
        return node.outputKeys().stream()
                .filter(key -> !node.nullableOutputKeys().contains(key))
                .filter(key -> outputs.get(key) == null || (outputs.get(key) instanceof String text && text.isBlank()))
                .toList();
    }
}
