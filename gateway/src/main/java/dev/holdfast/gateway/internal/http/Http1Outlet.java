// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import dev.holdfast.gateway.internal.http.HeadWriter.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One response on an HTTP/1 connection. */
final class Http1Outlet implements Outlet {
    /** Up to this size a copy beside the head or the chunk's size is cheaper than a second buffer. */
    private static final int COPIED_BYTES = 8 << 10;

    private static final int HEAD_BYTES = 512;
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Outbox outbox;
    private final Http1Connection connection;
    private final boolean http10;
    private final boolean headOnly;
    private final boolean keepAlive;
    private boolean withoutBody;

    Http1Outlet(Outbox outbox, Http1Connection connection, Head head) {
        this.outbox = outbox;
        this.connection = connection;
        http10 = head.http10();
        headOnly = head.method().equals("HEAD");
        keepAlive = head.keepAlive();
    }

    @Override
    public Channel channel() {
        return outbox.channel();
    }

    @Override
    public void whole(int status, HttpHeaders headers, byte[] body) {
        boolean kept = keepAlive && connection.mayBeKept();
        boolean bodiless = hasNoBody(status);
        boolean sendsBody = !headOnly && !bodiless && body.length > 0;
        boolean copied = sendsBody && body.length <= COPIED_BYTES;
        ByteBuf out = outbox.buffer(copied ? HEAD_BYTES + body.length : HEAD_BYTES);
        HeadWriter.write(out, status, headers, bodiless ? HeadWriter.NO_BODY : body.length, word(kept));
        if (copied) {
            out.writeBytes(body);
        }
        outbox.write(out);
        if (sendsBody && !copied) {
            outbox.write(Unpooled.wrappedBuffer(body));
        }
        connection.answered(kept);
    }

    @Override
    public void head(int status, HttpHeaders headers) {
        boolean kept = keepAlive && !http10 && connection.mayBeKept();
        withoutBody = headOnly || hasNoBody(status);
        ByteBuf out = outbox.buffer(HEAD_BYTES);
        int framing = hasNoBody(status) ? HeadWriter.NO_BODY : http10 ? HeadWriter.UNTIL_CLOSE : HeadWriter.CHUNKED;
        HeadWriter.write(out, status, headers, framing, word(kept));
        outbox.write(out);
        outbox.flush();
    }

    @Override
    public void piece(ByteBuffer piece) {
        if (withoutBody) {
            return;
        }
        if (http10) {
            outbox.write(Unpooled.wrappedBuffer(piece));
        } else {
            chunk(piece);
        }
        outbox.flush();
    }

    private void chunk(ByteBuffer piece) {
        int length = piece.remaining();
        boolean copied = length <= COPIED_BYTES;
        ByteBuf out = outbox.buffer(copied ? length + 12 : 12);
        out.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
        out.writeShort('\r' << 8 | '\n');
        if (copied) {
            out.writeBytes(piece.duplicate());
            out.writeShort('\r' << 8 | '\n');
            outbox.write(out);
        } else {
            outbox.write(out);
            outbox.write(Unpooled.wrappedBuffer(piece));
            outbox.write(outbox.buffer(2).writeShort('\r' << 8 | '\n'));
        }
    }

    @Override
    public void last() {
        if (!withoutBody && !http10) {
            outbox.write(Unpooled.wrappedBuffer(LAST_CHUNK));
        }
        connection.answered(keepAlive && !http10 && connection.mayBeKept());
    }

    @Override
    public void cut() {
        if (http10) {
            // a body until close that is closed in order would pass for a whole one
            outbox.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        connection.cut();
    }

    private Connection word(boolean kept) {
        return !kept ? Connection.CLOSED : http10 ? Connection.KEPT_FOR_1_0 : Connection.KEPT;
    }

    private static boolean hasNoBody(int status) {
        return status == 204 || status == 304;
    }
}
