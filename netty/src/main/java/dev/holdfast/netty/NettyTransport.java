// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * {@link Transport} on Netty, for processes that already run event loops, such as a proxy, and for many calls at once.
 *
 * <p>An exchange that is sent on a thread of the event loops stays on that loop with its connection, so neither request nor
 * response changes threads; others are spread over the loops, but all of one https origin go to one. Signals come on the loop: a listener that blocks, or works
 * for long, holds up everything else there.
 *
 * <p>Connections are kept per loop and origin, the one used last is used next, and one that was idle for the idle time
 * (default 60 s) is closed. A connection that the server has closed is noticed and not used again; if it closes one at the
 * moment in which a request goes out there, the exchange fails with an IOException before the head, as with the JDK's
 * client, and is not repeated here.
 *
 * <p>Bounds: the head of a response is limited to 32 KiB, the body by the demand of the listener; what came and was not
 * asked for is at most what one read brings, 64 KiB. The connect timeout covers looking up the name, connecting and TLS.
 */
public final class NettyTransport implements Transport {
    private static final Duration DEFAULT_IDLE = Duration.ofSeconds(60);

    private final Loop[] loops;
    private final AtomicInteger turn = new AtomicInteger();
    private final Connector connector;
    private final @Nullable EventLoopGroup own;
    private volatile boolean closed;

    private NettyTransport(Builder builder) {
        EventLoopGroup given = builder.group;
        own = given == null
                ? new MultiThreadIoEventLoopGroup(
                        0, new DefaultThreadFactory("holdfast-netty", true), NioIoHandler.newFactory())
                : null;
        connector = new Connector(builder.channels, new Tls(builder.sslContext));
        List<Loop> all = new ArrayList<>();
        for (EventExecutor executor : given == null ? Objects.requireNonNull(own) : given) {
            all.add(new Loop((EventLoop) executor, connector, builder.idle.toNanos()));
        }
        loops = all.toArray(new Loop[0]);
    }

    /** With event loops of its own, whose threads are daemons and end when this is closed. */
    public static NettyTransport create() {
        return builder().build();
    }

    /** On NIO loops that others use too; the caller's to shut down, after this transport. */
    public static NettyTransport on(EventLoopGroup group) {
        return builder().group(group, NioSocketChannel::new).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Exchange send(TransportRequest request, TransportListener listener) {
        OutgoingRequest outgoing = new OutgoingRequest(request);
        if (closed) {
            throw new IllegalStateException("transport is closed");
        }
        Loop loop = loopFor(outgoing.origin());
        NettyExchange exchange = new NettyExchange(outgoing, listener, loop);
        loop.start(exchange);
        return exchange;
    }

    /** Exchanges that have neither ended nor been cancelled. */
    public int inFlight() {
        int sum = 0;
        for (Loop loop : loops) {
            sum += loop.inFlight();
        }
        return sum;
    }

    /** Connections that are open or being opened, idle ones included. */
    public int openConnections() {
        int sum = 0;
        for (Loop loop : loops) {
            sum += loop.connections();
        }
        return sum;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Loop loop : loops) {
            loop.run(loop::close);
        }
        connector.names().close();
        if (own != null) {
            own.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        }
    }

    /**
     * This thread's own loop. For other threads: with TLS always the same for an origin, so that its exchanges can share a
     * connection; else the next that has a connection to spare, else the next.
     */
    private Loop loopFor(Origin origin) {
        for (Loop loop : loops) {
            if (loop.isCurrent()) {
                return loop;
            }
        }
        if (origin.secure()) {
            return loops[Math.floorMod(origin.hashCode(), loops.length)];
        }
        int next = turn.getAndIncrement();
        for (int i = 0; i < loops.length; i++) {
            Loop loop = loops[Math.floorMod(next + i, loops.length)];
            if (loop.hasSpare(origin)) {
                return loop;
            }
        }
        return loops[Math.floorMod(next, loops.length)];
    }

    /** What a transport is made of. Not thread-safe. */
    public static final class Builder {
        private @Nullable EventLoopGroup group;
        private ChannelFactory<? extends Channel> channels = NioSocketChannel::new;
        private @Nullable SSLContext sslContext;
        private Duration idle = DEFAULT_IDLE;

        private Builder() {}

        /**
         * Event loops that others use too; the caller's to shut down, after the transport. Default: loops of its own, NIO.
         *
         * @param socketChannel makes client channels of the kind that the loops serve
         */
        public Builder group(EventLoopGroup loops, ChannelFactory<? extends Channel> socketChannel) {
            group = loops;
            channels = socketChannel;
            return this;
        }

        /** For how long a connection that nobody uses is kept, and up to a quarter longer; positive. Default: 60 s. */
        public Builder idleTime(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("idle time must be positive: " + value);
            }
            idle = value;
            return this;
        }

        /** Trust and client certificates for https. Default: the JDK's. */
        public Builder sslContext(SSLContext value) {
            sslContext = value;
            return this;
        }

        public NettyTransport build() {
            return new NettyTransport(this);
        }
    }
}
