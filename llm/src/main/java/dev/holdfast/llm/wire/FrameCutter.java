// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Cuts the bytes of an event stream behind its blank lines, whichever way lines end and wherever the pieces are cut. Where
 * the two bytes of a line end fall into two pieces, the second counts to the event that follows. For one stream, one thread
 * at a time.
 */
final class FrameCutter {
    private final int mostBytes;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private boolean lineBegins = true;
    private boolean afterCr;

    /** @param mostBytes how long an event may be that has not ended yet */
    FrameCutter(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Hands on each event that is whole by now.
     *
     * @return whether what is left over stays within its limit
     */
    boolean cut(ByteBuffer piece, Consumer<byte[]> frames) {
        while (piece.hasRemaining()) {
            byte next = piece.get();
            open.write(next);
            if (endsFrame(next)) {
                if (afterCr && piece.hasRemaining() && piece.get(piece.position()) == '\n') {
                    open.write(piece.get());
                    afterCr = false;
                }
                frames.accept(rest());
            }
        }
        return open.size() <= mostBytes;
    }

    /** What has come and is no whole event; empty when there is nothing. Given once. */
    byte[] rest() {
        byte[] bytes = open.toByteArray();
        open.reset();
        return bytes;
    }

    private boolean endsFrame(byte next) {
        if (next == '\n' && afterCr) {
            afterCr = false; // the rest of a line end that has been counted
            return false;
        }
        if (next != '\n' && next != '\r') {
            lineBegins = false;
            afterCr = false;
            return false;
        }
        boolean blank = lineBegins;
        lineBegins = true;
        afterCr = next == '\r';
        return blank;
    }
}
