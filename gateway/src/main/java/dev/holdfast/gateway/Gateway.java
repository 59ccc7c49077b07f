// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.internal.access.AdminGate;
import dev.holdfast.gateway.internal.admin.OperatorSide;
import dev.holdfast.gateway.internal.call.Service;
import dev.holdfast.gateway.internal.http.HttpServer;
import dev.holdfast.gateway.internal.route.Engines;
import dev.holdfast.gateway.internal.route.Live;
import dev.holdfast.netty.NettyTransport;
import dev.holdfast.time.Ticker;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One process in front of all providers: clients keep their OpenAI or Anthropic library and change the base URL. Thread-safe.
 *
 * <pre>{@code
 * try (Gateway gateway = Gateway.start(GatewayOptions.file(Path.of("holdfast.yaml")))) {
 *     gateway.notices().forEach(System.err::println);
 *     ...
 * }
 * }</pre>
 */
public final class Gateway implements AutoCloseable {
    /** For what is left when calls have ended: the last bytes of responses, and connections. */
    private static final Duration LAST_BYTES = Duration.ofSeconds(2);

    private final ConfigSource source;
    private final Live live;
    private final Service service;
    private final OperatorSide operator;
    private final InetAddress bound;
    private volatile AdminGate gate;
    private final EventLoopGroup loops;
    private final NettyTransport transport;
    private final HttpServer server;

    private Gateway(ConfigSource source, GatewayConfig config, GatewayOptions options) throws IOException {
        this.source = source;
        this.bound = InetAddress.getByName(config.listen().host());
        this.gate = new AdminGate(config, bound);
        this.loops = new MultiThreadIoEventLoopGroup(
                options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads(),
                new DefaultThreadFactory("holdfast-gateway", true),
                NioIoHandler.newFactory());
        this.transport = NettyTransport.on(loops);
        // Later attempts start on an event loop too, whose connections they then use.
        Engines engines = new Engines(loops, Ticker.system(), null);
        this.live = new Live(config, engines, source.environment(), options.simulator());
        this.service = new Service(live, transport, Ticker.system(), options.clock(), new SplittableRandom());
        try {
            this.operator = new OperatorSide(
                    live,
                    new Operating(this),
                    config.accessLog(),
                    options.version(),
                    options.clock(),
                    Ticker.system(),
                    HoldfastRuntime.timer(),
                    HoldfastRuntime.executor());
        } catch (IOException e) {
            release();
            throw e;
        }
        service.observe(operator);
        try {
            GatewayConfig.Listen listen = config.listen();
            this.server = HttpServer.start(
                    listen.host(),
                    listen.port(),
                    Paths.of(service, operator, () -> gate),
                    config.limits(),
                    loops,
                    Ticker.system());
        } catch (IOException e) {
            operator.close();
            release();
            throw e;
        }
    }

    /**
     * Reads the configuration and listens.
     *
     * @throws ConfigException if the configuration cannot be used; nothing has been started then
     * @throws IOException if the configuration cannot be read, or its address not be listened on
     */
    public static Gateway start(GatewayOptions options) throws IOException {
        ConfigSource source = new ConfigSource(options);
        Gateway gateway = new Gateway(source, source.read(), options);
        HoldfastRuntime.executor().execute(FirstError::classify);
        return gateway;
    }

    /** Where it answers, without a path, for example {@code http://127.0.0.1:4000}. */
    public URI uri() {
        InetSocketAddress address = server.address();
        String host = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    /** The names that clients may ask for, in the order of the configuration; at least one. */
    public List<String> models() {
        return live.models();
    }

    /** Whether calls need the key of a client. */
    public boolean needsClientKey() {
        return !live.config().clients().isEmpty();
    }

    /** What an operator should be told at the start, one sentence each; may be empty. */
    public List<String> notices() {
        GatewayConfig config = live.config();
        List<String> notices = new ArrayList<>();
        if (!needsClientKey()) {
            notices.add("no client keys are configured: everybody on this machine may call, nobody else can");
        }
        if (config.adminKey() == null) {
            notices.add("no admin key is configured: targets cannot be changed while it runs");
        }
        return notices;
    }

    /**
     * Reads the configuration again and puts it in force for new calls; calls that run go on as they began. Circuits, budgets,
     * pauses and blocks of targets that are the same in both stay. Address and limits of the server hold until the next start.
     *
     * @throws ConfigException if it cannot be used; the one before goes on
     * @throws IOException if it cannot be read; the one before goes on
     */
    public void reload() throws IOException {
        GatewayConfig config = source.read();
        live.replace(config);
        service.reloaded();
        gate = new AdminGate(config, bound);
        operator.reloaded(config.accessLog());
    }

    /** From now on it is not ready and refuses new calls; done when the last one has ended. */
    public CompletableFuture<Void> drain() {
        service.drain();
        operator.changed();
        return live.drain();
    }

    /**
     * Drains for as long as the configuration allows; then those that are left are told an error, and everything is given
     * back. Blocks; idempotent.
     */
    @Override
    public void close() {
        await(drain(), live.config().drainTimeout());
        live.close();
        operator.close();
        await(server.closeWhenAnswered().toCompletableFuture(), LAST_BYTES);
        await(server.closeNow().toCompletableFuture(), LAST_BYTES);
        release();
    }

    // For tests.

    Live live() {
        return live;
    }

    Service service() {
        return service;
    }

    NettyTransport transport() {
        return transport;
    }

    HttpServer server() {
        return server;
    }

    private void release() {
        live.close();
        transport.close();
        await(loops.shutdownGracefully(0, LAST_BYTES.toMillis(), TimeUnit.MILLISECONDS), LAST_BYTES);
    }

    /** Gives up when its time is over, or when the waiting thread is interrupted: what comes next ends the rest. */
    private static void await(Future<?> end, Duration limit) {
        try {
            end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // those that are left are ended by the next step
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing fails this future", e);
        }
    }
}
