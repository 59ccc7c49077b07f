// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.server;

import dev.holdfast.simulator.scenario.Scenario;
import dev.holdfast.simulator.stats.SimulatorStats;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The listening socket and what stands behind it. Thread-safe; closes once, with everything that it opened. */
public final class SimulatorServer implements AutoCloseable {
    private static final int LARGEST_BODY = 32 << 20;
    private static final int LONGEST_LINE = 8 << 10;
    private static final int LARGEST_HEADERS = 64 << 10;
    private static final int BACKLOG = 4096;
    private static final long CLOSE_SECONDS = 5;
    /** Small, so that 5,000 slow readers together hold at most 160 MiB. */
    private static final WriteBufferWaterMark WRITE_BUFFER = new WriteBufferWaterMark(8 << 10, 32 << 10);

    private final Control control;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final EventLoopGroup loops;
    private final InetSocketAddress address;

    /** Listens at once; throws {@link IOException} where that is not possible. */
    public SimulatorServer(String host, int port, Scenario scenario, Clock clock) throws IOException {
        control = new Control(scenario);
        Router router = new Router(new ModelCalls(control, clock), control);
        loops = new MultiThreadIoEventLoopGroup(
                Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors())),
                new DefaultThreadFactory("holdfast-simulator", true),
                NioIoHandler.newFactory());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
                .childHandler(new Pipeline(router, channels));
        var bound = bootstrap.bind(new InetSocketAddress(host, port)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new IOException("cannot listen on " + host + ":" + port, bound.cause());
        }
        Channel listening = bound.channel();
        channels.add(listening);
        address = (InetSocketAddress) listening.localAddress();
    }

    public InetSocketAddress address() {
        return address;
    }

    public SimulatorStats stats() {
        return control.stats();
    }

    public void reset() {
        control.reset();
    }

    public void scenario(Scenario scenario) {
        control.scenario(scenario);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        channels.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        private final Router router;
        private final ChannelGroup channels;

        Pipeline(Router router, ChannelGroup channels) {
            this.router = router;
            this.channels = channels;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channels.add(channel);
            HttpDecoderConfig limits = new HttpDecoderConfig()
                    .setMaxInitialLineLength(LONGEST_LINE)
                    .setMaxHeaderSize(LARGEST_HEADERS);
            channel.pipeline().addLast(new HttpServerCodec(limits), new Connection(router, LARGEST_BODY));
        }
    }
}
