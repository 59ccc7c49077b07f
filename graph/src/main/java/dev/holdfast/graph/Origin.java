// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import dev.holdfast.graph.internal.Json;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON object that a part of a definition was read from, kept so that writing gives back what reading did not
 * understand: unknown keys, the order of keys, the spelling of numbers. Immutable.
 */
public final class Origin {
    /** Of a part that was made in Java. */
    public static final Origin NONE = new Origin(null);

    private final @Nullable ObjectNode object;

    private Origin(@Nullable ObjectNode object) {
        this.object = object;
    }

    /** Keeps the object itself: nobody may change it afterwards. */
    static Origin of(ObjectNode object) {
        return new Origin(object);
    }

    /** Whether there is a JSON object at all. */
    public boolean isPresent() {
        return object != null;
    }

    /**
     * Everything that was read at this level, understood or not, as plain values: maps, lists, strings, booleans,
     * numbers, null. Empty for a part made in Java.
     */
    public Map<String, @Nullable Object> members() {
        return object == null ? Map.of() : Json.plainObject(object);
    }

    /** A copy that may be changed, or an empty object. */
    ObjectNode copy() {
        return object == null ? Json.object() : object.deepCopy();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Origin that && Objects.equals(object, that.object);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(object);
    }

    @Override
    public String toString() {
        return object == null ? "none" : "json";
    }
}
