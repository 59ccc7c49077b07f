// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.util.List;

/** The wire form of one answer. Made per request; pieces of a stream are written when they are due, never ahead. */
public interface AnswerWriter {
    /** The whole answer as one JSON document; {@code terminal} says whether it carries its finish reason. */
    String plain(boolean terminal);

    /** Events before any content, each complete with its blank line. */
    List<String> opening();

    /** How many events of content there are. */
    int contents();

    /** The event that carries piece {@code index}, counted from 0. */
    String content(int index);

    /** Events after the content: finish reason, usage, terminal marker. */
    List<String> closing();

    /** An error object as this dialect carries it inside a 200 stream, whatever follows it there included. */
    String inBandError(ErrorBody error);

    /** An event whose JSON breaks off. */
    String broken();
}
