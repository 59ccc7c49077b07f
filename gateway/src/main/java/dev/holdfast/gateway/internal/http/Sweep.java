// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import dev.holdfast.time.Ticker;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks at all connections of one event loop a few times in the shortest of their timeouts. One timer instead of some per
 * request, and one clock for all: {@link #nowNanos} is as old as the last round, which makes timeouts late by at most two
 * rounds and costs requests nothing. All on the loop.
 */
final class Sweep {
    private final Set<Swept> connections = new LinkedHashSet<>();
    private final Ticker ticker;
    private final Future<?> rounds;
    private long nowNanos;

    Sweep(EventLoop loop, Ticker ticker, long roundNanos) {
        this.ticker = ticker;
        nowNanos = ticker.nanos();
        rounds = loop.scheduleWithFixedDelay(this::round, roundNanos, roundNanos, TimeUnit.NANOSECONDS);
    }

    private void round() {
        nowNanos = ticker.nanos();
        each(connection -> connection.sweep(nowNanos));
    }

    /** Since the last round. */
    long nowNanos() {
        return nowNanos;
    }

    void add(Swept connection) {
        connections.add(connection);
    }

    void remove(Swept connection) {
        connections.remove(connection);
    }

    void each(Consumer<Swept> action) {
        // a copy, since most actions close connections, which removes them
        new ArrayList<>(connections).forEach(action);
    }

    void stop() {
        rounds.cancel(false);
    }
}
