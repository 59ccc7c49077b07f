// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import java.util.Locale;

/** Why a run went no further. */
public enum StopReason {
    /** A terminal node was reached. */
    TERMINAL,
    /** No edge of the last node could be followed. */
    NO_EDGE,
    /** A pause node was reached, or a question has no answer yet; resuming goes on there. */
    PAUSED,
    /** The graph's steps were used up. */
    MAX_STEPS,
    /** A node failed for good and no edge took care of it, or the run could not be made at all. */
    FAILED,
    /** The caller cancelled. */
    CANCELLED,
    /** The run's deadline passed. */
    DEADLINE;

    /** The word in JSON, such as {@code no_edge}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static StopReason ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return word();
    }
}
