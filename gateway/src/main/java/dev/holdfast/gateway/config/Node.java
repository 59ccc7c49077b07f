// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import java.util.List;
import java.util.Map;

/** A document with the line of everything in it, so that problems can name theirs. */
sealed interface Node {
    /** From 1. */
    int line();

    /** How many nodes it stands for, those that aliases repeat included. */
    int size();

    /** By key in the order of the file; merge keys are resolved. */
    record Mapping(int line, Map<String, Entry> entries, int size) implements Node {}

    /** What stands at a key, and the line of that key. */
    record Entry(int line, Node value) {}

    record Sequence(int line, List<Node> items, int size) implements Node {}

    /**
     * A value.
     *
     * @param text with references resolved; may be a secret
     * @param shown how messages may show it: as written, so that what comes from the environment is not repeated
     */
    record Scalar(int line, String text, String shown, Kind kind) implements Node {
        @Override
        public int size() {
            return 1;
        }
    }

    /** What a scalar was written as. */
    enum Kind {
        /** Empty, or {@code null}. */
        NOTHING,
        /** A number, {@code true} or {@code false} without quotes. */
        BARE,
        TEXT,
        /** At least a part came from the environment; is a number where a number is wanted. */
        REFERENCE,
        /** Its reference cannot be resolved, which is a problem told already. */
        BROKEN
    }
}
