// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A second way into a graph, started by something outside.
 *
 * @param name what people call it; the id where none is given
 * @param entryNode the node where such a run starts
 * @param triggerType webhook, api, timer, event or manual
 * @param triggerConfig settings of the trigger, as plain values
 * @param isolationLevel isolated, shared or synchronized
 * @param priority higher first
 * @param maxConcurrent how many such runs at a time
 */
public record AsyncEntryPoint(
        String id,
        String name,
        String entryNode,
        String triggerType,
        Map<String, @Nullable Object> triggerConfig,
        String isolationLevel,
        int priority,
        int maxConcurrent,
        Origin origin) {

    public AsyncEntryPoint {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(entryNode, "entryNode");
        Objects.requireNonNull(triggerType, "triggerType");
        triggerConfig = Copies.values(triggerConfig);
        Objects.requireNonNull(isolationLevel, "isolationLevel");
        Objects.requireNonNull(origin, "origin");
    }

    /** With everything but the id and the node at its default: started by hand, sharing memory, ten at a time. */
    public static AsyncEntryPoint of(String id, String entryNode) {
        return new AsyncEntryPoint(id, id, entryNode, "manual", Map.of(), "shared", 0, 10, Origin.NONE);
    }
}
