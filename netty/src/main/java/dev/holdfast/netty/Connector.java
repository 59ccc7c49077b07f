// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;

/** How channels are opened. Thread-safe. */
final class Connector {
    private final ChannelFactory<? extends Channel> channels;
    private final Tls tls;
    private final Names names = new Names();

    Connector(ChannelFactory<? extends Channel> channels, Tls tls) {
        this.channels = channels;
        this.tls = tls;
    }

    Tls tls() {
        return tls;
    }

    Names names() {
        return names;
    }

    /** Begins to connect; who waits sets the limit. */
    ChannelFuture connect(Loop loop, InetSocketAddress address) {
        return new Bootstrap()
                .group(loop.executor())
                .channelFactory(channels)
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.AUTO_CLOSE, false)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                })
                .connect(address);
    }
}
