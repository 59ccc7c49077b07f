// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.config.GatewayConfig.Limits;
import dev.holdfast.time.Ticker;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A server on a free port with its own loops; stops with the check that nothing is left. */
final class RunningServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    final HttpServer server;

    RunningServer(Endpoint endpoint) {
        this(endpoint, Limits.defaults());
    }

    RunningServer(Endpoint endpoint, Limits limits) {
        try {
            server = HttpServer.start("127.0.0.1", 0, endpoint, limits, loops, Ticker.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells each request's method, target and body. */
    static RunningServer echo() {
        return new RunningServer(RunningServer::echo);
    }

    static void echo(Request request, Response response) {
        String query = request.query().isEmpty() ? "" : "?" + request.query();
        String text = request.method() + " " + request.path() + query + " ";
        byte[] head = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[head.length + request.body().length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(request.body(), 0, all, head.length, request.body().length);
        response.send(200, new DefaultHttpHeaders(), all);
    }

    static HttpHeaders none() {
        return new DefaultHttpHeaders();
    }

    static ByteBuffer piece(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    int port() {
        return server.address().getPort();
    }

    RawClient client() {
        return new RawClient(port());
    }

    /** Real sockets take their time; nothing else tells when the other side has noticed. */
    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("never: " + what);
            }
            Thread.onSpinWait();
        }
    }

    /** Requests and connections are all back. */
    void assertAllReturned() {
        await("requests end", () -> server.runningRequests() == 0);
        await("connections close", () -> server.connections() == 0);
    }

    @Override
    public void close() {
        server.closeNow().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(server.connections()).isZero();
        assertThat(server.runningRequests()).isZero();
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
