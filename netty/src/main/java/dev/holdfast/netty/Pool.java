// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections of one loop to one origin. The one used last is used next, so that the others can grow old and go. */
final class Pool {
    private final Origin origin;
    private final Loop loop;
    private final Deque<Http1Connection> idle = new ArrayDeque<>();
    /** The size of {@link #idle} for other threads to look at. */
    private final AtomicInteger spare = new AtomicInteger();

    Pool(Origin origin, Loop loop) {
        this.origin = origin;
        this.loop = loop;
    }

    Origin origin() {
        return origin;
    }

    Loop loop() {
        return loop;
    }

    void start(NettyExchange exchange) {
        Http1Connection connection = idle.pollLast();
        if (connection != null) {
            spare.setRelease(idle.size());
            connection.start(exchange);
        } else {
            new Connecting(this).open(exchange);
        }
    }

    void park(Http1Connection connection) {
        if (loop.isClosed()) {
            connection.close();
        } else {
            idle.addLast(connection);
            spare.setRelease(idle.size());
            loop.sweepLater();
        }
    }

    /** The connection is closed, wherever it was. */
    void gone(Http1Connection connection) {
        if (idle.remove(connection)) {
            spare.setRelease(idle.size());
        }
    }

    /** From any thread. */
    boolean hasSpare() {
        return spare.getAcquire() > 0;
    }

    boolean isUnused() {
        return idle.isEmpty();
    }

    /** Closes what was idle at more sweeps in a row than the limit. */
    void sweep(int limit) {
        for (Http1Connection connection : new ArrayList<>(idle)) {
            if (connection.sweptIdle() > limit) {
                connection.close();
            }
        }
    }

    void close() {
        new ArrayList<>(idle).forEach(Http1Connection::close);
    }
}
