// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 client that sends whatever frames it is told to. */
final class RawHttp2Client implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ACK = 1;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean ends() {
            return (flags & END_STREAM) != 0 && type <= HEADERS;
        }

        String text() {
            return new String(payload, ISO_8859_1);
        }

        int code() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    private final RawClient client;
    private boolean open = true;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

    RawHttp2Client(int port) {
        client = new RawClient(port);
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        send(SETTINGS, 0, 0, new byte[0]);
    }

    RawHttp2Client send(int type, int flags, int stream, byte[] payload) {
        client.trySend(frame(type, flags, stream, payload));
        return this;
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    RawHttp2Client sendRaw(byte[] bytes) {
        try {
            client.send(bytes);
        } catch (UncheckedIOException closed) {
            open = false;
        }
        return this;
    }

    /** Whether {@link #sendRaw} has found it so. */
    boolean isOpen() {
        return open;
    }

    RawHttp2Client get(int stream, String path) {
        return send(
                HEADERS,
                END_HEADERS | END_STREAM,
                stream,
                fields(":method", "GET", ":scheme", "http", ":authority", "x", ":path", path));
    }

    RawHttp2Client post(int stream, String path, String... more) {
        byte[] start = fields(":method", "POST", ":scheme", "http", ":authority", "x", ":path", path);
        byte[] rest = fields(more);
        return send(
                HEADERS,
                END_HEADERS,
                stream,
                ByteBuffer.allocate(start.length + rest.length)
                        .put(start)
                        .put(rest)
                        .array());
    }

    /** Literal fields that enter no table (RFC 7541, 6.2.2), names and values in turn. */
    static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            string(out, namesAndValues[i]);
            string(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            int rest = length - 127;
            for (; rest >= 128; rest >>= 7) {
                out.write((rest & 127) | 128);
            }
            out.write(rest);
        }
        out.writeBytes(text.getBytes(ISO_8859_1));
    }

    /** The next frame; null once the server has closed. */
    @Nullable
    Frame read() {
        try {
            byte[] head = client.in().readNBytes(9);
            if (head.length < 9) {
                return null;
            }
            int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
            int stream = ByteBuffer.wrap(head, 5, 4).getInt();
            return new Frame(head[3], head[4], stream, client.in().readNBytes(length));
        } catch (java.net.SocketException reset) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips frames up to the one that is looked for. */
    Frame readUntil(Predicate<Frame> wanted) {
        while (true) {
            Frame frame = read();
            if (frame == null) {
                throw new AssertionError("closed before the frame came");
            }
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    /** Skips other streams' frames. */
    Http2Headers readHeaders(int stream) {
        return headers(readUntil(frame -> frame.type() == HEADERS && frame.stream() == stream));
    }

    Http2Headers headers(Frame frame) {
        ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
        try {
            return decoder.decodeHeaders(frame.stream(), block);
        } catch (Http2Exception e) {
            throw new AssertionError(ByteBufUtil.prettyHexDump(block), e);
        }
    }

    /** The rest of the stream's body. */
    String readBody(int stream) {
        StringBuilder body = new StringBuilder();
        Frame frame;
        do {
            frame = readUntil(next -> next.type() == DATA && next.stream() == stream);
            body.append(frame.text());
        } while (!frame.ends());
        return body.toString();
    }

    /** The error code of the GOAWAY with which the server gives up; -1 if it closes without. */
    int readGoAway() {
        Frame frame = read();
        while (frame != null && frame.type() != GOAWAY) {
            frame = read();
        }
        return frame == null ? -1 : frame.code();
    }

    @Override
    public void close() {
        client.close();
    }
}
