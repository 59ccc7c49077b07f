// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import java.nio.ByteBuffer;

/**
 * Finds where the events of an event stream end: behind a blank line, whichever way lines end. Bytes may be cut anywhere;
 * where the two bytes of a line end are cut apart, the second counts to the event that follows. For one stream.
 */
final class FrameCutter {
    private boolean lineBegins = true;
    private boolean afterCr;

    /**
     * Looks for the end of the event that runs.
     *
     * @param from where to begin; everything before has been looked at
     * @return the index behind the event's last byte, or -1 if it does not end in this piece
     */
    int end(ByteBuffer piece, int from) {
        int limit = piece.limit();
        for (int at = from; at < limit; at++) {
            byte next = piece.get(at);
            if (next == '\n' && afterCr) {
                afterCr = false; // the rest of a line end that has been counted
            } else if (next == '\n' || next == '\r') {
                boolean blank = lineBegins;
                lineBegins = true;
                afterCr = next == '\r';
                if (blank) {
                    return behind(piece, at, limit);
                }
            } else {
                lineBegins = false;
                afterCr = false;
            }
        }
        return -1;
    }

    private int behind(ByteBuffer piece, int at, int limit) {
        boolean two = afterCr && at + 1 < limit && piece.get(at + 1) == '\n';
        if (two) {
            afterCr = false;
        }
        return two ? at + 2 : at + 1;
    }
}
