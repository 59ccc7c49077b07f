// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

/** What channels need said in one way. */
final class Channels {
    private Channels() {}

    /** Closes past TLS, whose farewell would wait for a peer that does not read. */
    static void closeAtOnce(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }
}
