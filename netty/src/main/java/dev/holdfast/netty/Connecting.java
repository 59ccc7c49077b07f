// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that does not stand yet, and the exchanges that wait for it: one, or several where the server may speak
 * HTTP/2 and one connection will do for all. The addresses of a name are tried in turn. When nobody waits any more, it is
 * given up.
 */
final class Connecting extends ChannelInboundHandlerAdapter implements Carrier {
    private final Pool pool;
    private final Deque<NettyExchange> waiting = new ArrayDeque<>(2);
    private @Nullable Channel channel;
    private boolean over;

    Connecting(Pool pool) {
        this.pool = pool;
    }

    void add(NettyExchange exchange) {
        waiting.add(exchange);
        exchange.waitOn(this);
    }

    void open() {
        Loop loop = pool.loop();
        loop.connector().names().resolve(pool.origin().host(), loop, this::resolved);
    }

    private void resolved(Names.Answer answer) {
        if (over) {
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
            if (over) {
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
            speaksHttp1(opened);
            return;
        }
        try {
            SslHandler tls = pool.loop().connector().tls().newHandler(opened.alloc(), pool.origin());
            opened.pipeline().addLast(Tls.HANDLER, tls).addLast(this);
        } catch (NoSuchAlgorithmException e) {
            fail(new SSLException(e));
        }
    }

    /** Comes before anything that follows the handshake in the same read. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !over) {
            if (handshake.isSuccess()) {
                chosen(context.channel());
            } else {
                fail(Failures.handshaking(handshake.cause()));
            }
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        if (!over) {
            fail(Failures.handshaking(error));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!over) {
            fail(Failures.handshaking(new ClosedChannelException()));
        }
    }

    private void chosen(Channel opened) {
        SslHandler tls = opened.pipeline().get(SslHandler.class);
        opened.pipeline().remove(this);
        if (ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
            Http2Connection.open(opened, pool, this); // stands when the server has said what it allows
        } else {
            speaksHttp1(opened);
        }
    }

    private void speaksHttp1(Channel opened) {
        over = true;
        pool.speaksHttp1(this);
        NettyExchange first = waiting.poll();
        Http1Connection connection = Http1Connection.on(opened, pool);
        if (first == null) {
            connection.close();
        } else {
            connection.start(first);
        }
        startOthers();
    }

    /** The connection stands: everyone who waits goes there, as far as it has room. */
    void speaksHttp2(Http2Connection connection) {
        over = true;
        pool.speaksHttp2(this, connection);
        startOthers();
    }

    boolean isOver() {
        return over;
    }

    private void startOthers() {
        for (NettyExchange next = waiting.poll(); next != null; next = waiting.poll()) {
            if (!next.isOver()) {
                pool.start(next);
            }
        }
    }

    /** It will not stand: everyone who waits hears why. */
    void fail(Throwable error) {
        giveUp();
        for (NettyExchange next = waiting.poll(); next != null; next = waiting.poll()) {
            next.fail(error);
        }
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void abort(NettyExchange leaving) {
        waiting.remove(leaving);
        if (waiting.isEmpty()) {
            giveUp();
        }
    }

    private void giveUp() {
        if (!over) {
            over = true;
            pool.gaveUp(this);
            if (channel != null) {
                Channels.closeAtOnce(channel);
            }
        }
    }
}
