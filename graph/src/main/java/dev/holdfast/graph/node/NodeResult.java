// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.node;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node that succeeded gives back. Immutable.
 *
 * @param output values by key: strings, numbers, booleans, null, lists and maps of these, or what JSON makes of it
 * @param nextNode where to go whatever the edges say; null leaves it to them
 * @param waiting whether the node needs an answer that is not there yet: the run pauses before this step, and a resumed run
 *     makes the step again with {@link NodeContext#answer()}
 */
public record NodeResult(
        Map<String, @Nullable Object> output, @Nullable String nextNode, boolean waiting) {

    public NodeResult {
        output = Collections.unmodifiableMap(new LinkedHashMap<>(output));
    }

    public static NodeResult of(Map<String, ? extends @Nullable Object> output) {
        return new NodeResult(Collections.unmodifiableMap(new LinkedHashMap<>(output)), null, false);
    }

    /** One value. */
    public static NodeResult of(String key, @Nullable Object value) {
        Map<String, @Nullable Object> output = new LinkedHashMap<>();
        output.put(key, value);
        return of(output);
    }

    /** No output, and the node to go to. */
    public static NodeResult next(String node) {
        return new NodeResult(Map.of(), node, false);
    }

    /** See {@link #waiting()}. */
    public static NodeResult waitForAnswer() {
        return new NodeResult(Map.of(), null, true);
    }
}
