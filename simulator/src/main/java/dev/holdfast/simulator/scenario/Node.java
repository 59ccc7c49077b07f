// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.scenario;

import java.util.List;
import java.util.Map;

/** A document with the line of everything in it, so that problems can name theirs. */
sealed interface Node {
    /** From 1. */
    int line();

    record Mapping(int line, Map<String, Node> entries) implements Node {}

    record Sequence(int line, List<Node> items) implements Node {}

    /** A value as written; {@code quoted} tells text from numbers and the like. */
    record Scalar(int line, String text, boolean quoted) implements Node {}
}
