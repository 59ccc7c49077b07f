// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of an HTTP/1 head in what has arrived so far, looking at each byte once however it is split. Refuses as soon
 * as the bytes seen cannot become a head that is allowed. One per connection, not thread-safe.
 */
final class HeadReader {
    /** No more of a request line; as most servers. */
    static final int LINE_BYTES = 8 << 10;

    /** No more header fields. */
    static final int FIELDS = 100;

    private static final int NONE = -1;

    private final int limitBytes;
    private int scanned;
    private int lineStart;
    private int lines;

    HeadReader(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** The bytes up to and with the empty line, taken out of the buffer; null while they are not whole. */
    byte @Nullable [] read(ByteBuf in) {
        int length = length(in);
        if (length == NONE) {
            return null;
        }
        byte[] head = new byte[length];
        in.readBytes(head);
        scanned = 0;
        lineStart = 0;
        lines = 0;
        return head;
    }

    private int length(ByteBuf in) {
        int start = in.readerIndex();
        int available = in.readableBytes();
        if (scanned == 0 && available > 0) {
            checkFirst(in, start);
        }
        while (true) {
            int found = in.indexOf(start + scanned, start + available, (byte) '\n');
            int end = found < 0 ? available : found + 1 - start;
            checkSize(end);
            scanned = end;
            if (found < 0) {
                return NONE;
            }
            if (end < 2 || in.getByte(found - 1) != '\r') {
                throw Refusal.badRequest("Lines of the head must end with CR LF.")
                        .refused();
            }
            if (end - lineStart == 2) {
                if (lines > 0) {
                    return end;
                }
                throw Refusal.badRequest("A request must start with its request line.")
                        .refused();
            }
            lines++;
            lineStart = end;
        }
    }

    private void checkSize(int end) {
        if (lines == 0 && end > Math.min(LINE_BYTES, limitBytes)) {
            throw new Refusal(414, "uri_too_long", "The request line is too long; shorten the path or the query.")
                    .refused();
        }
        if (end > limitBytes || lines > FIELDS + 1) {
            throw tooLarge();
        }
    }

    static Refusal.Refused tooLarge() {
        return new Refusal(431, "headers_too_large", "The header fields are too many or too long; send fewer.")
                .refused();
    }

    private static void checkFirst(ByteBuf in, int start) {
        byte first = in.getByte(start);
        if (first == 0x16) {
            throw Refusal.badRequest("This port speaks plain HTTP, not TLS; use a http:// address.")
                    .refused();
        }
        if (!Grammar.inName(first) && first != '\r') {
            throw Refusal.badRequest("This is not HTTP.").refused();
        }
    }
}
