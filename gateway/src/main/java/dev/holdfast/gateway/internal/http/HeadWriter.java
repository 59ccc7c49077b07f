// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/** Writes the heads of HTTP/1.1 responses. How the body is framed is the server's business: such headers of others are left out. */
final class HeadWriter {
    static final int CHUNKED = -1;
    static final int UNTIL_CLOSE = -2;
    /** Of a response that has none by its status. */
    static final int NO_BODY = -3;

    private static final byte[] OK = line(200);
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LENGTH = "content-length: ".getBytes(US_ASCII);
    private static final byte[] CHUNKS = "transfer-encoding: chunked\r\n".getBytes(US_ASCII);
    private static final byte[] CLOSE = "connection: close\r\n".getBytes(US_ASCII);
    private static final byte[] KEEP = "connection: keep-alive\r\n".getBytes(US_ASCII);

    /** What the head says about the connection; 1.1 keeps it without a word. */
    enum Connection {
        KEPT,
        KEPT_FOR_1_0,
        CLOSED
    }

    private HeadWriter() {}

    /** @param length of the body, or one of the constants */
    static void write(ByteBuf out, int status, HttpHeaders headers, int length, Connection connection) {
        out.writeBytes(status == 200 ? OK : line(status));
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (!isFraming(field.getKey())) {
                text(out, field.getKey());
                out.writeByte(':').writeByte(' ');
                text(out, field.getValue());
                out.writeBytes(CRLF);
            }
        }
        if (length >= 0) {
            out.writeBytes(LENGTH);
            number(out, length);
            out.writeBytes(CRLF);
        } else if (length == CHUNKED) {
            out.writeBytes(CHUNKS);
        }
        if (connection != Connection.KEPT) {
            out.writeBytes(connection == Connection.CLOSED ? CLOSE : KEEP);
        }
        out.writeBytes(CRLF);
    }

    /** Headers that speak about one connection, not about the response. */
    static boolean isFraming(CharSequence name) {
        // the lengths first: most names fail there
        return switch (name.length()) {
            case 2 -> AsciiString.contentEqualsIgnoreCase("te", name);
            case 7 ->
                AsciiString.contentEqualsIgnoreCase(HttpHeaderNames.UPGRADE, name)
                        || AsciiString.contentEqualsIgnoreCase(HttpHeaderNames.TRAILER, name);
            case 10 ->
                AsciiString.contentEqualsIgnoreCase(HttpHeaderNames.CONNECTION, name)
                        || AsciiString.contentEqualsIgnoreCase("keep-alive", name);
            case 14 -> AsciiString.contentEqualsIgnoreCase(HttpHeaderNames.CONTENT_LENGTH, name);
            case 16 -> AsciiString.contentEqualsIgnoreCase("proxy-connection", name);
            case 17 -> AsciiString.contentEqualsIgnoreCase(HttpHeaderNames.TRANSFER_ENCODING, name);
            default -> false;
        };
    }

    private static void text(ByteBuf out, CharSequence text) {
        int length = text.length();
        out.ensureWritable(length);
        for (int i = 0; i < length; i++) {
            out.writeByte(clean(text.charAt(i)));
        }
    }

    /** Control characters become spaces: a value cannot start another header. */
    private static char clean(char c) {
        if (c > 0xff) {
            return '?';
        }
        return (c < ' ' && c != '\t') || c == 0x7f ? ' ' : c;
    }

    /** As the values of HTTP/1 are written. */
    static CharSequence clean(CharSequence value) {
        AsciiString clean = new AsciiString(value);
        for (int i = 0; i < value.length(); i++) {
            clean.array()[i] = (byte) clean(value.charAt(i));
        }
        return clean;
    }

    private static void number(ByteBuf out, int number) {
        if (number >= 10) {
            number(out, number / 10);
        }
        out.writeByte('0' + number % 10);
    }

    private static byte[] line(int status) {
        return ("HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + "\r\n")
                .getBytes(US_ASCII);
    }
}
