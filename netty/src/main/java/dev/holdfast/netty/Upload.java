// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.Future;

/**
 * A large body on its way out, piece by piece as the connection takes it: Netty copies what it is given for the socket, and
 * a whole body would be copied before its first byte goes out.
 */
final class Upload {
    /** Bodies up to this go out with their head. */
    static final int PIECE_BYTES = 64 << 10;

    private final Channel channel;
    private final byte[] body;
    private final GenericFutureListener<Future<Void>> onLastPiece;
    private int written;

    /** @param onLastPiece hears whether the last piece has left */
    Upload(Channel channel, byte[] body, GenericFutureListener<Future<Void>> onLastPiece) {
        this.channel = channel;
        this.body = body;
        this.onLastPiece = onLastPiece;
    }

    /** To be called at the start and whenever the connection can take more. */
    void proceed() {
        while (written < body.length && channel.isWritable()) {
            int length = Math.min(PIECE_BYTES, body.length - written);
            ByteBuf piece = Unpooled.wrappedBuffer(body, written, length);
            written += length;
            if (written < body.length) {
                channel.write(new DefaultHttpContent(piece));
            } else {
                ChannelFuture last = channel.write(new DefaultLastHttpContent(piece));
                last.addListener(onLastPiece);
            }
            channel.flush();
        }
    }
}
