// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * What the model says, cut into the pieces in which a stream carries it. One piece counts as one token.
 *
 * @param toolName the tool asked for, whose arguments the pieces are; empty where the pieces are text
 * @param pieces never null, may be empty
 * @param handedBack how many pieces of the whole answer the request already held; these are not said again
 */
public record Answer(String toolName, List<String> pieces, int handedBack) {
    private static final int PIECE = 8;

    static Answer text(List<String> pieces) {
        return new Answer("", pieces, 0);
    }

    /** The rest of a text of which the request holds the beginning; the whole text where it holds something else. */
    static Answer text(List<String> pieces, String beginning) {
        int said = 0;
        int from = 0;
        while (from < pieces.size() && beginning.startsWith(pieces.get(from), said)) {
            said += pieces.get(from).length();
            from++;
        }
        boolean itsBeginning = said == beginning.length() && from > 0;
        return itsBeginning ? new Answer("", pieces.subList(from, pieces.size()), from) : text(pieces);
    }

    /** Text in pieces of a few characters, never between the halves of a surrogate pair. */
    static List<String> cut(String text) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + PIECE);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    boolean asksForTool() {
        return !toolName.isEmpty();
    }

    public int tokens() {
        return pieces.size();
    }

    String whole() {
        return String.join("", pieces);
    }
}
