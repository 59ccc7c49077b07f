// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** What has arrived on an HTTP/1 connection and is not looked at yet; holds nothing while nothing waits. On the loop. */
final class Inbox {
    /** What a client may send ahead while it is being answered; more waits in its own system. */
    private static final int AHEAD_BYTES = 64 << 10;

    private final Channel channel;
    private @Nullable ByteBuf held;

    Inbox(Channel channel) {
        this.channel = channel;
    }

    void add(ByteBuf bytes) {
        held = held == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), held, bytes);
    }

    @Nullable
    ByteBuf bytes() {
        return held;
    }

    /** The bytes become another's, with their release. */
    void giveAway() {
        held = null;
    }

    void drop() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    void dropIfEmpty() {
        if (held != null && !held.isReadable()) {
            drop();
        }
    }

    /** Nothing is wanted for now. */
    void holdBack() {
        if (held != null && held.readableBytes() > AHEAD_BYTES) {
            autoRead(false);
        }
    }

    void goOn() {
        autoRead(true);
    }

    private void autoRead(boolean on) {
        if (channel.config().isAutoRead() != on) {
            channel.config().setAutoRead(on);
        }
    }
}
