// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;

/**
 * What goes out on an HTTP/1 connection. While bytes are being read, what they lead to is flushed at the end of the read, all
 * at once: few writes to the socket. On the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed shows as the end of its channel
final class Outbox {
    private final SocketChannel channel;
    private boolean reading;
    private boolean unflushed;

    Outbox(SocketChannel channel) {
        this.channel = channel;
    }

    SocketChannel channel() {
        return channel;
    }

    ByteBuf buffer(int bytes) {
        return channel.alloc().buffer(bytes);
    }

    void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    void write(Refusal refusal) {
        byte[] body = refusal.body();
        ByteBuf out = buffer(512 + body.length);
        HeadWriter.write(out, refusal.status(), Refusal.HEADERS, body.length, HeadWriter.Connection.CLOSED);
        write(out.writeBytes(body));
    }

    void flush() {
        if (reading) {
            unflushed = true;
        } else {
            channel.flush();
        }
    }

    /** Flushes at once. */
    void whenWritten(ChannelFutureListener action) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(action);
    }

    void readingStarts() {
        reading = true;
    }

    void readingEnds() {
        reading = false;
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }
}
