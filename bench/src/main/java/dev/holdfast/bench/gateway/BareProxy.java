// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.gateway;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The least that a proxy on this stack can do: reads a request whole, passes it to one upstream over a kept connection of
 * the same event loop, and passes back what comes, piece by piece. No checks, no limits, no failures worth the name: it
 * stands in the comparison to show what the stack costs and what the gateway adds. Arguments: its port, the upstream's.
 */
public final class BareProxy {
    private static final int MOST_BYTES = 1 << 20;

    private final String host;
    private final int upstreamPort;
    private final Map<EventLoop, Deque<Channel>> idle = new ConcurrentHashMap<>();

    private BareProxy(String host, int upstreamPort) {
        this.host = host;
        this.upstreamPort = upstreamPort;
    }

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), NioIoHandler.newFactory());
        BareProxy proxy = new BareProxy("127.0.0.1", Integer.parseInt(args[1]));
        new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(), new HttpObjectAggregator(MOST_BYTES), proxy.new Front());
                    }
                })
                .bind("127.0.0.1", Integer.parseInt(args[0]))
                .sync()
                .channel()
                .closeFuture()
                .sync();
    }

    /** The client's side. */
    private final class Front extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            FullHttpRequest request = (FullHttpRequest) message;
            request.headers().set(HttpHeaderNames.HOST, host + ':' + upstreamPort);
            EventLoop loop = context.channel().eventLoop();
            Channel kept =
                    idle.computeIfAbsent(loop, ignored -> new ArrayDeque<>()).pollLast();
            if (kept != null && kept.isActive()) {
                send(kept, context.channel(), request);
                return;
            }
            ChannelFuture connecting = new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpClientCodec(), new Back());
                        }
                    })
                    .connect(host, upstreamPort);
            connecting.addListener((ChannelFutureListener) done -> {
                if (done.isSuccess()) {
                    send(done.channel(), context.channel(), request);
                } else {
                    request.release();
                    context.close();
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        private void send(Channel upstream, Channel client, FullHttpRequest request) {
            upstream.pipeline().get(Back.class).client = client;
            upstream.writeAndFlush(request);
        }
    }

    /** The upstream's side. */
    private final class Back extends ChannelInboundHandlerAdapter {
        private @Nullable Channel client;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel to = client;
            if (to == null) {
                ReferenceCountUtil.release(message);
                context.close();
            } else if (message instanceof LastHttpContent) {
                client = null;
                idle.computeIfAbsent(context.channel().eventLoop(), ignored -> new ArrayDeque<>())
                        .addLast(context.channel());
                to.writeAndFlush(message);
            } else {
                to.write(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (client != null) {
                client.flush();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (client != null) {
                client.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
