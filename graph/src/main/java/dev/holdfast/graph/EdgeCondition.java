// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** When an edge may be followed. */
public enum EdgeCondition {
    /** Whatever came of the source. */
    ALWAYS,
    /** The source succeeded. */
    ON_SUCCESS,
    /** The source failed for good, after its retries. */
    ON_FAILURE,
    /** The edge's expression holds; an edge of this kind without an expression always holds. */
    CONDITIONAL,
    /** A model decides. */
    LLM_DECIDE;

    /** The word in JSON, such as {@code on_success}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The condition with this word, or null where there is none. */
    public static @Nullable EdgeCondition ofWord(String word) {
        for (EdgeCondition condition : values()) {
            if (condition.word().equals(word)) {
                return condition;
            }
        }
        return null;
    }
}
