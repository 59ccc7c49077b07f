// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import dev.holdfast.gateway.config.GatewayConfig.Limits;
import dev.holdfast.time.Ticker;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An HTTP server, for HTTP/1.1, HTTP/1.0 and HTTP/2 without TLS: from the first byte on or by upgrade. All requests go to one
 * {@link Endpoint}, whole and within {@link Limits}; what breaks the rules of HTTP or exceeds a limit is refused here.
 * Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written or closed shows as the end of its channel
public final class HttpServer {
    /** A writer that asks is held back from here on until the lower mark: per response at most this and one piece. */
    static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(32 << 10, 64 << 10);

    static final Refusal TOO_SLOW =
            new Refusal(408, "request_timeout", "The request did not arrive whole in time; send it faster.");

    private static final Refusal FAILED = new Refusal(
            500, "internal_error", "The gateway failed on this request; this is a defect, please report it.");

    private static final int BACKLOG = 1024;

    /** So many connections too many are told why at one time; others are closed without a word. */
    private static final int REFUSED_AT_ONCE = 64;

    private final Endpoint endpoint;
    private final Limits limits;
    private final Ticker ticker;
    private final BodyBudget bodyBudget;
    private final Map<EventLoop, Sweep> sweeps = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile boolean listeningEnded;
    private final Channel listening;

    private HttpServer(String host, int port, Endpoint endpoint, Limits limits, EventLoopGroup loops, Ticker ticker)
            throws IOException {
        this.endpoint = endpoint;
        this.limits = limits;
        this.ticker = ticker;
        bodyBudget = BodyBudget.ofHeap(limits.bodyBytes());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted(channel);
                    }
                })
                .bind(host, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + host + " port " + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listening = bound.channel();
    }

    /**
     * Listens.
     *
     * @param port 0 for any free one
     * @param loops of NIO channels; not stopped by this server
     * @throws IOException if host and port cannot be listened on; the message names them
     */
    public static HttpServer start(
            String host, int port, Endpoint endpoint, Limits limits, EventLoopGroup loops, Ticker ticker)
            throws IOException {
        return new HttpServer(host, port, endpoint, limits, loops, ticker);
    }

    private void accepted(SocketChannel channel) {
        connections.incrementAndGet();
        channel.closeFuture().addListener(done -> connectionClosed());
        Sweep sweep = sweeps.computeIfAbsent(channel.eventLoop(), loop -> new Sweep(loop, ticker, roundNanos()));
        Http1Connection connection = new Http1Connection(this, channel, sweep);
        channel.pipeline().addLast(connection);
        if (closing || connections.get() > limits.connections() + REFUSED_AT_ONCE) {
            channel.close();
        } else if (connections.get() > limits.connections()) {
            connection.refuse(new Refusal(
                    503,
                    "too_many_connections",
                    "Too many connections are open; try again later, and reuse connections."));
        }
    }

    private void connectionClosed() {
        connections.decrementAndGet();
        completeIfClosed();
    }

    private long roundNanos() {
        long shortest = Math.min(
                Math.min(limits.headerTimeout().toNanos(), limits.bodyTimeout().toNanos()),
                limits.idleTimeout().toNanos());
        return Math.max(
                Duration.ofMillis(10).toNanos(), Math.min(Duration.ofMillis(500).toNanos(), shortest / 8));
    }

    /** Where it listens; with the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Open at this moment. */
    public int connections() {
        return connections.get();
    }

    /** Given to the endpoint and neither answered whole nor given up. */
    public int runningRequests() {
        return requests.get();
    }

    /** Accepts no further connection. Those that are open go on. */
    public void stopAccepting() {
        listening.close();
    }

    /**
     * Accepts no further connection and no further request; closes each connection once its requests are answered. May be
     * followed by {@link #closeNow}.
     *
     * @return done when all connections are closed and all requests have ended
     */
    public CompletionStage<Void> closeWhenAnswered() {
        return close(Swept::closeWhenAnswered);
    }

    /**
     * Closes all connections at once; what was being answered is cut.
     *
     * @return done when all connections are closed and all requests have ended
     */
    public CompletionStage<Void> closeNow() {
        return close(Swept::closeNow);
    }

    private CompletionStage<Void> close(Consumer<Swept> how) {
        closing = true;
        if (!closed.isDone()) {
            listening.close().addListener(notListening -> {
                sweeps.forEach((loop, sweep) -> loop.execute(() -> sweep.each(how)));
                listeningEnded = true;
                completeIfClosed();
            });
        }
        return closed;
    }

    Limits limits() {
        return limits;
    }

    BodyBudget bodyBudget() {
        return bodyBudget;
    }

    boolean isClosing() {
        return closing;
    }

    void requestStarted() {
        requests.incrementAndGet();
    }

    void requestEnded() {
        requests.decrementAndGet();
        completeIfClosed();
    }

    private void completeIfClosed() {
        if (listeningEnded && connections.get() == 0 && requests.get() == 0) {
            sweeps.values().forEach(Sweep::stop);
            closed.complete(null);
        }
    }

    /** Bodies are read as they are sent; a small one that unfolds to gigabytes is nothing we want. */
    static void checkEncoding(HttpHeaders headers) {
        for (String coding : headers.getAll(HttpHeaderNames.CONTENT_ENCODING)) {
            if (!coding.equalsIgnoreCase("identity")) {
                throw new Refusal(
                                415,
                                "unsupported_encoding",
                                "Compressed request bodies are not supported; send it without Content-Encoding.")
                        .refused();
            }
        }
    }

    /** An endpoint that fails has answered with 500, or with a cut if it had begun. */
    void handle(Request request, ChannelResponse response) {
        try {
            endpoint.handle(request, response);
        } catch (RuntimeException | StackOverflowError failure) {
            if (response.isFresh()) {
                response.send(FAILED.status(), Refusal.HEADERS, FAILED.body());
            } else {
                response.abort();
            }
        }
    }
}
