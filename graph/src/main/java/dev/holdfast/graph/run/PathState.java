// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import java.util.Locale;

/** Where a path stands. */
enum PathState {
    /** At a node whose step is running or comes next. */
    READY,
    /** Its branches are under way. */
    FORKED,
    /** After a pause node, whose edges are not asked yet. */
    PAUSED,
    /** Before a node that needs an answer first. */
    WAITING,
    /** A branch at the node where it meets the others. */
    ARRIVED,
    TERMINAL,
    NO_EDGE,
    MAX_STEPS,
    FAILED,
    CANCELLED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static PathState ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Whether it has come to rest without a failure, for good. */
    boolean isDone() {
        return this == ARRIVED || this == TERMINAL || this == NO_EDGE;
    }

    /** Whether it goes on when the run is resumed. */
    boolean isHeld() {
        return this == PAUSED || this == WAITING || this == MAX_STEPS;
    }

    boolean isOver() {
        return isDone() || isHeld() || this == FAILED || this == CANCELLED;
    }
}
