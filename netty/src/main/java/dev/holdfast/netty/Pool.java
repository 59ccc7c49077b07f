// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one origin. Of those that carry one exchange at a time, the one used last is used next, so
 * that the others can grow old and go; those that carry many are filled before another is opened.
 */
final class Pool {
    private final Origin origin;
    private final Loop loop;
    private final Deque<Http1Connection> idle = new ArrayDeque<>();
    private final List<Http2Connection> shared = new ArrayList<>(1);
    /** What exchanges wait for together, where the server may speak HTTP/2. */
    private @Nullable Connecting opening;

    private boolean http1Only;
    /** Connections that stand or are being opened; the pool is needed as long as there is one. */
    private int connections;
    /** Whether an exchange would have nothing to open; written on the loop, read by all. */
    private volatile boolean spare;

    Pool(Origin origin, Loop loop) {
        this.origin = origin;
        this.loop = loop;
        http1Only = !origin.secure();
    }

    Origin origin() {
        return origin;
    }

    Loop loop() {
        return loop;
    }

    void start(NettyExchange exchange) {
        Http2Connection open = shared.isEmpty() ? null : withRoom();
        if (open != null) {
            open.start(exchange);
        } else {
            Http1Connection connection = idle.pollLast();
            if (connection != null) {
                connection.start(exchange);
            } else {
                open(exchange);
            }
        }
        look();
    }

    private @Nullable Http2Connection withRoom() {
        for (Http2Connection connection : shared) {
            if (connection.hasRoom()) {
                return connection;
            }
        }
        return null;
    }

    private void open(NettyExchange exchange) {
        Connecting joined = opening;
        if (joined != null) {
            joined.add(exchange);
            return;
        }
        connections++;
        Connecting fresh = new Connecting(this);
        if (!http1Only) {
            opening = fresh;
        }
        fresh.add(exchange);
        fresh.open();
    }

    void gaveUp(Connecting connecting) {
        connections--;
        noLongerOpening(connecting);
    }

    void speaksHttp1(Connecting connecting) {
        http1Only = true;
        noLongerOpening(connecting);
    }

    void speaksHttp2(Connecting connecting, Http2Connection connection) {
        http1Only = false;
        shared.add(connection);
        noLongerOpening(connecting);
    }

    private void noLongerOpening(Connecting connecting) {
        if (opening == connecting) {
            opening = null;
        }
        look();
    }

    /** The connection is ready for the next exchange. */
    void park(Http1Connection connection) {
        if (loop.isClosed()) {
            connection.close();
        } else {
            idle.addLast(connection);
            look();
            loop.sweepLater();
        }
    }

    /** A stream has ended there. */
    void roomOn(Http2Connection connection) {
        if (loop.isClosed()) {
            connection.close();
        } else {
            look();
            loop.sweepLater();
        }
    }

    /** The connection is closed, wherever it was. */
    void gone(Http1Connection connection) {
        connections--;
        idle.remove(connection);
        look();
    }

    /** The connection takes no more exchanges. */
    void retired(Http2Connection connection) {
        shared.remove(connection);
        look();
    }

    void gone(Http2Connection connection) {
        connections--;
        retired(connection);
    }

    /** Whether an exchange would find a connection; from any thread, so it can be wrong the next moment. */
    boolean hasSpare() {
        return spare;
    }

    private void look() {
        boolean now = !idle.isEmpty() || opening != null || (!shared.isEmpty() && withRoom() != null);
        if (now != spare) {
            spare = now;
        }
    }

    boolean isUnused() {
        return connections == 0;
    }

    /** Closes what was idle at more sweeps in a row than the limit. */
    void sweep(int limit) {
        for (Http1Connection connection : new ArrayList<>(idle)) {
            if (connection.sweptIdle() > limit) {
                connection.close();
            }
        }
        for (Http2Connection connection : new ArrayList<>(shared)) {
            if (connection.sweptIdle() > limit) {
                connection.close();
            }
        }
    }

    /** Closes what is idle; after the exchanges have been cancelled, that is all. */
    void close() {
        new ArrayList<>(idle).forEach(Http1Connection::close);
        new ArrayList<>(shared).forEach(Http2Connection::close);
    }
}
