// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.TransportListener;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of {@link NettyTransport}: what its listener has heard, may hear and waits for.
 *
 * <p>Everything but {@code cancelled} is touched on the exchange's loop alone; calls from other threads are carried
 * there. A listener may call back while it hears a signal, and what this brings waits until the signal has returned
 * ({@code telling}), so signals never nest.
 */
final class NettyExchange implements Exchange {
    private static final Object CONNECTED = new Object();
    private static final Object SENT = new Object();
    private static final Throwable COMPLETE = new Throwable("complete", null, false, false) {};

    private final OutgoingRequest request;
    private final TransportListener listener;
    private final Loop loop;

    /** What came and was not asked for: at most what one read brings. */
    private final Queue<ByteBuffer> pieces = new ArrayDeque<>(2);

    private volatile boolean cancelled;
    private @Nullable Carrier carrier;
    private @Nullable Future<?> connectLimit;
    private long demand;
    private boolean telling;
    private boolean paused;
    private boolean headTold;
    private boolean over;
    /** How the exchange ended: {@link #COMPLETE} or an error; the first one counts. */
    private @Nullable Throwable ended;

    NettyExchange(OutgoingRequest request, TransportListener listener, Loop loop) {
        this.request = request;
        this.listener = listener;
        this.loop = loop;
    }

    OutgoingRequest request() {
        return request;
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            throw new IllegalArgumentException("demand must be positive: " + count);
        }
        if (loop.isCurrent()) {
            addDemand(count);
        } else {
            loop.run(() -> addDemand(count));
        }
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            loop.run(this::leave);
        }
    }

    /** Whether nothing is to be done for it any more. */
    boolean isOver() {
        return over || cancelled;
    }

    /** Waits for a connection, as long as the request says from now on, however many carriers it waits on. */
    void waitOn(Connecting connecting) {
        carrier = connecting;
        if (connectLimit == null) {
            connectLimit = loop.schedule(this::connectLimitReached, request.connectTimeoutNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The connection stands and the head goes out next, unless the exchange is over when this returns. */
    void connected(Carrier connection) {
        carrier = connection;
        endConnectLimit();
        tell(CONNECTED);
    }

    void sent() {
        if (!headTold && request.hasBody()) {
            tell(SENT);
        }
    }

    void head(ResponseHead head) {
        headTold = true;
        tell(head);
    }

    /** Copies the bytes, which remain the caller's to release. */
    void content(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length == 0 || isOver()) {
            return;
        }
        byte[] copy = new byte[length];
        bytes.readBytes(copy);
        ByteBuffer piece = ByteBuffer.wrap(copy);
        if (demand > 0 && !telling && pieces.isEmpty()) {
            demand--;
            tell(piece);
        } else {
            pieces.add(piece);
            drain();
        }
    }

    /** The response is complete; the carrier is free before this is called. */
    void complete() {
        end(COMPLETE);
    }

    /** The exchange broke; the carrier has let go of it before this is called. */
    void fail(Throwable error) {
        end(error);
    }

    private void end(Throwable how) {
        carrier = null;
        if (ended == null) {
            ended = how;
            drain();
        }
    }

    private void addDemand(long count) {
        long sum = demand + count;
        demand = sum < 0 ? Long.MAX_VALUE : sum;
        drain();
    }

    private void drain() {
        if (telling) {
            return;
        }
        while (!isOver() && demand > 0 && !pieces.isEmpty()) {
            demand--;
            signal(pieces.remove());
        }
        if (isOver()) {
            return;
        }
        Throwable how = ended;
        if (how != null) {
            if (pieces.isEmpty()) {
                tellEnd(how);
            }
        } else {
            steer();
        }
    }

    /** Reading goes on while it is wanted, and stops at the first piece that nobody asked for. */
    private void steer() {
        Carrier current = carrier;
        if (current == null) {
            return;
        }
        if (paused && demand > 0) {
            paused = false;
            current.resume();
        } else if (!paused && !pieces.isEmpty()) {
            paused = true;
            current.pause();
        }
    }

    private void tell(Object signal) {
        if (!isOver()) {
            signal(signal);
            drain();
        }
    }

    private void signal(Object signal) {
        telling = true;
        try {
            if (signal instanceof ByteBuffer piece) {
                listener.onBytes(piece);
            } else if (signal instanceof ResponseHead head) {
                listener.onHead(head);
            } else if (signal == CONNECTED) {
                listener.onConnected();
            } else {
                listener.onRequestSent();
            }
        } catch (RuntimeException | Error e) {
            telling = false;
            broken(e);
        } finally {
            telling = false;
        }
    }

    /** The listener threw: that is the end of the exchange, and its own error the last it hears. */
    private void broken(Throwable error) {
        boolean heard = isOver();
        leave();
        if (!heard) {
            listener.onFailure(error);
        }
    }

    private void tellEnd(Throwable how) {
        finish();
        if (how == COMPLETE) {
            listener.onEnd();
        } else {
            listener.onFailure(how);
        }
    }

    private void leave() {
        if (over) {
            return;
        }
        finish();
        Carrier current = carrier;
        carrier = null;
        if (current != null) {
            current.abort(this);
        }
    }

    private void finish() {
        over = true;
        pieces.clear();
        endConnectLimit();
        loop.exchangeOver(this);
    }

    private void connectLimitReached() {
        Carrier current = carrier;
        if (!over && current != null) {
            current.abort(this);
            fail(Failures.connectTimeout());
        }
    }

    private void endConnectLimit() {
        Future<?> limit = connectLimit;
        if (limit != null) {
            limit.cancel(false);
            connectLimit = null;
        }
    }
}
