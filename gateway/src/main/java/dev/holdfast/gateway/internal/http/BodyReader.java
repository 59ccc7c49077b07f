// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;

/** Takes the body of an HTTP/1 request out of its framing. One per body, not thread-safe. */
final class BodyReader {
    /** Of a chunk's size with its extensions. */
    private static final int LINE_BYTES = 256;

    private static final int TRAILER_BYTES = 8 << 10;

    private enum Part {
        SIZE,
        DATA,
        DATA_END,
        TRAILERS,
        DONE
    }

    private final BodyBuffer body;
    private final boolean chunked;
    private Part part;
    private long leftBytes;
    private int trailerBytes;

    BodyReader(Head head, BodyBudget budget, int limitBytes) {
        if (head.contentLength() > limitBytes) {
            throw BodyBuffer.tooLarge(limitBytes);
        }
        body = new BodyBuffer(budget, limitBytes, head.contentLength());
        chunked = head.chunked();
        part = chunked ? Part.SIZE : Part.DATA;
        leftBytes = head.contentLength();
    }

    /** Takes what belongs to the body; true once it is whole. */
    boolean read(ByteBuf in) {
        while (part != Part.DONE) {
            boolean moved =
                    switch (part) {
                        case SIZE -> size(in);
                        case DATA -> data(in);
                        case DATA_END -> dataEnd(in);
                        case TRAILERS -> trailers(in);
                        case DONE -> false;
                    };
            if (!moved) {
                return false;
            }
        }
        return true;
    }

    byte[] body() {
        return body.whole();
    }

    /** The body is needed no longer. May be called again. */
    void giveBack() {
        body.giveBack();
    }

    private boolean size(ByteBuf in) {
        int length = line(in, LINE_BYTES);
        if (length < 0) {
            return false;
        }
        long size = 0;
        int digits = 0;
        int start = in.readerIndex();
        for (; digits < length; digits++) {
            int digit = Grammar.hex(in.getByte(start + digits) & 0xff);
            if (digit < 0) {
                break;
            }
            size = size << 4 | digit;
        }
        if (digits == 0 || digits > 8 || (digits < length && in.getByte(start + digits) != ';')) {
            throw Refusal.badRequest("A chunk must start with its size in hexadecimal digits.")
                    .refused();
        }
        in.skipBytes(length + 2);
        leftBytes = size;
        body.expect(size);
        part = size == 0 ? Part.TRAILERS : Part.DATA;
        return true;
    }

    private boolean data(ByteBuf in) {
        int take = (int) Math.min(leftBytes, in.readableBytes());
        body.take(in, take);
        leftBytes -= take;
        if (leftBytes > 0) {
            return false;
        }
        part = chunked ? Part.DATA_END : Part.DONE;
        return true;
    }

    private boolean dataEnd(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return false;
        }
        if (in.readByte() != '\r' || in.readByte() != '\n') {
            throw Refusal.badRequest("A chunk must be as long as its size says and end with CR LF.")
                    .refused();
        }
        part = Part.SIZE;
        return true;
    }

    /** Trailers are checked and forgotten. */
    private boolean trailers(ByteBuf in) {
        int length = line(in, TRAILER_BYTES - trailerBytes);
        if (length < 0) {
            return false;
        }
        trailerBytes += length + 2;
        if (length == 0) {
            part = Part.DONE;
        } else if (!isField(in, length)) {
            throw Refusal.badRequest("A trailer must be: name, colon at once, value, all on one line.")
                    .refused();
        }
        in.skipBytes(length + 2);
        return true;
    }

    private static boolean isField(ByteBuf in, int length) {
        int start = in.readerIndex();
        int name = 0;
        while (name < length && Grammar.inName(in.getByte(start + name))) {
            name++;
        }
        return name > 0 && name < length && in.getByte(start + name) == ':';
    }

    /** The length of the line without its CR LF; -1 while it is not whole. */
    private static int line(ByteBuf in, int limitBytes) {
        int start = in.readerIndex();
        int end = in.indexOf(start, start + Math.min(in.readableBytes(), limitBytes + 2), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() >= limitBytes + 2) {
                throw Refusal.badRequest("A chunk's extension or the trailers are too long.")
                        .refused();
            }
            return -1;
        }
        if (end == start || in.getByte(end - 1) != '\r') {
            throw Refusal.badRequest("Lines between chunks must end with CR LF.")
                    .refused();
        }
        for (int i = start; i < end - 1; i++) {
            if (!Grammar.inValue(in.getByte(i))) {
                throw Refusal.badRequest("A line between chunks holds a control character.")
                        .refused();
            }
        }
        return end - 1 - start;
    }
}
