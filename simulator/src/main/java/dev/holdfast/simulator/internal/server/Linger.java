// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose client may still be sending: our side first, the rest when the client has closed too or some
 * seconds later. Closing at once would make the kernel answer the next byte with a reset, which can overtake the
 * response.
 */
final class Linger {
    private static final long SECONDS = 5;

    private Linger() {}

    static void closeSoon(Channel channel) {
        if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
            duplex.shutdownOutput();
        }
        channel.config().setAutoRead(true);
        var timer = channel.eventLoop().schedule(() -> channel.close(), SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> timer.cancel(false));
    }
}
