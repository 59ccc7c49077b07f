// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections and exchanges of one event loop. An exchange lives on one loop with its connection, so nothing here
 * needs a lock. Other threads only look: at the two counts, and whether a pool has a connection to spare.
 */
final class Loop {
    /** Into how many steps the time is cut after which an idle connection is closed; it is kept for at most one more. */
    private static final int SWEEPS_PER_IDLE_TIME = 4;

    private final EventLoop executor;
    private final Connector connector;
    private final long idleNanos;
    private final Map<Origin, Pool> pools = new ConcurrentHashMap<>();
    private final Set<NettyExchange> running = new HashSet<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private boolean sweeping;
    private boolean closed;

    Loop(EventLoop executor, Connector connector, long idleNanos) {
        this.executor = executor;
        this.connector = connector;
        this.idleNanos = idleNanos;
    }

    boolean isCurrent() {
        return executor.inEventLoop();
    }

    EventLoop executor() {
        return executor;
    }

    Connector connector() {
        return connector;
    }

    /** Whether an exchange would find a connection here; from any thread, so it can be wrong the next moment. */
    boolean hasSpare(Origin origin) {
        Pool pool = pools.get(origin);
        return pool != null && pool.hasSpare();
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Channels that are open or being opened. */
    int connections() {
        return connections.get();
    }

    /** Runs on the loop, at once if this is its thread. A loop that has been shut down has nothing left to do it to. */
    void run(Runnable work) {
        if (isCurrent()) {
            work.run();
            return;
        }
        try {
            executor.execute(work);
        } catch (RejectedExecutionException shutDown) {
            // its channels are closed
        }
    }

    Future<?> schedule(Runnable work, long delay, TimeUnit unit) {
        return executor.schedule(work, delay, unit);
    }

    /** @throws IllegalStateException if the loop takes no more work */
    void start(NettyExchange exchange) {
        inFlight.incrementAndGet();
        if (isCurrent()) {
            begin(exchange);
            return;
        }
        try {
            executor.execute(() -> begin(exchange));
        } catch (RejectedExecutionException shutDown) {
            inFlight.decrementAndGet();
            throw new IllegalStateException("transport is closed", shutDown);
        }
    }

    private void begin(NettyExchange exchange) {
        if (closed) {
            exchange.cancel();
        } else if (!exchange.isOver()) {
            running.add(exchange);
            pool(exchange.request().origin()).start(exchange);
        }
    }

    private Pool pool(Origin origin) {
        Pool known = pools.get(origin);
        if (known == null) {
            known = new Pool(origin, this);
            pools.put(origin, known);
        }
        return known;
    }

    void exchangeOver(NettyExchange exchange) {
        running.remove(exchange);
        inFlight.decrementAndGet();
    }

    /** A channel that counts until it is closed. */
    void opened(Channel channel) {
        connections.incrementAndGet();
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
    }

    /** Called when a connection has become idle. */
    void sweepLater() {
        if (!sweeping && !closed) {
            sweeping = true;
            schedule(this::sweep, Math.max(1, idleNanos / SWEEPS_PER_IDLE_TIME), TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        sweeping = false;
        pools.values().forEach(pool -> pool.sweep(SWEEPS_PER_IDLE_TIME));
        pools.values().removeIf(Pool::isUnused);
        if (!pools.isEmpty()) {
            sweepLater();
        }
    }

    /** Cancels what runs and closes what is idle; on the loop. */
    void close() {
        closed = true;
        new ArrayList<>(running).forEach(NettyExchange::cancel);
        pools.values().forEach(Pool::close);
        pools.clear();
    }

    boolean isClosed() {
        return closed;
    }
}
