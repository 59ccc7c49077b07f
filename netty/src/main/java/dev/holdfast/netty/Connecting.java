// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A connection that does not stand yet, and the exchange that waits for it. The addresses of a name are tried in turn. */
final class Connecting implements Carrier {
    private final Pool pool;
    private @Nullable NettyExchange waiting;
    private @Nullable Channel channel;

    Connecting(Pool pool) {
        this.pool = pool;
    }

    void open(NettyExchange exchange) {
        waiting = exchange;
        exchange.waitOn(this);
        Loop loop = pool.loop();
        loop.connector().names().resolve(pool.origin().host(), loop, this::resolved);
    }

    private void resolved(Names.Answer answer) {
        if (waiting == null) {
            return;
        }
        if (answer.error() != null) {
            fail(answer.error());
        } else {
            connect(answer.addresses(), 0);
        }
    }

    private void connect(InetAddress[] addresses, int index) {
        Loop loop = pool.loop();
        ChannelFuture future = loop.connector()
                .connect(loop, new InetSocketAddress(addresses[index], pool.origin().port()));
        Channel opened = future.channel();
        channel = opened;
        loop.opened(opened);
        future.addListener(done -> {
            if (waiting == null) {
                opened.close();
            } else if (done.isSuccess()) {
                connected(opened);
            } else if (done.cause() instanceof IOException && index + 1 < addresses.length) {
                connect(addresses, index + 1);
            } else {
                fail(Failures.connecting(done.cause()));
            }
        });
    }

    private void connected(Channel opened) {
        if (!pool.origin().secure()) {
            stands(opened);
            return;
        }
        SslHandler tls;
        try {
            tls = pool.loop().connector().tls().newHandler(opened.alloc(), pool.origin());
        } catch (NoSuchAlgorithmException e) {
            fail(new SSLException(e));
            return;
        }
        tls.handshakeFuture().addListener(done -> {
            if (waiting == null) {
                Channels.closeAtOnce(opened);
            } else if (done.isSuccess()) {
                stands(opened);
            } else {
                fail(Failures.handshaking(done.cause()));
            }
        });
        opened.pipeline().addLast(Tls.HANDLER, tls).addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
                if (waiting != null) { // the handshake tells its own
                    fail(Failures.handshaking(error));
                }
            }
        });
    }

    private void stands(Channel opened) {
        NettyExchange first = waiting;
        waiting = null;
        if (first != null) {
            Http1Connection.on(opened, pool).start(first);
        }
    }

    private void fail(Throwable error) {
        NettyExchange victim = waiting;
        close();
        if (victim != null) {
            victim.fail(error);
        }
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void abort(NettyExchange leaving) {
        close();
    }

    private void close() {
        waiting = null;
        if (channel != null) {
            Channels.closeAtOnce(channel);
        }
    }
}
