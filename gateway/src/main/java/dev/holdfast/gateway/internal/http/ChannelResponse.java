// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A response on its way to a channel. All state belongs to the event loop. Calls from other threads are queued there; while
 * any is queued, calls on the loop queue behind it, which keeps their order.
 */
final class ChannelResponse implements Response {
    /** What other threads may have queued before {@link #isWritable} says no. */
    private static final int QUEUED_BYTES = 64 << 10;

    private enum State {
        FRESH,
        BEGUN,
        OVER
    }

    private final Outlet outlet;
    private final AtomicInteger queuedCalls = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();
    private State state = State.FRESH;
    private boolean gone;
    private @Nullable Runnable whenWritable;
    private @Nullable Runnable whenGone;

    ChannelResponse(Outlet outlet) {
        this.outlet = outlet;
    }

    @Override
    public void send(int status, HttpHeaders headers, byte[] body) {
        onLoop(0, () -> {
            if (state == State.FRESH) {
                outlet.whole(status, headers, body);
                state = State.OVER;
            }
        });
    }

    @Override
    public void begin(int status, HttpHeaders headers) {
        onLoop(0, () -> {
            if (state == State.FRESH) {
                outlet.head(status, headers);
                state = State.BEGUN;
            }
        });
    }

    @Override
    public void write(ByteBuffer piece) {
        if (piece.hasRemaining()) {
            onLoop(piece.remaining(), () -> {
                if (state == State.BEGUN) {
                    outlet.piece(piece);
                }
            });
        }
    }

    @Override
    public void end() {
        onLoop(0, () -> {
            if (state == State.BEGUN) {
                state = State.OVER;
                outlet.last();
            }
        });
    }

    @Override
    public void abort() {
        onLoop(0, () -> {
            if (state != State.OVER) {
                state = State.OVER;
                outlet.cut();
            }
        });
    }

    @Override
    public boolean isWritable() {
        return queuedBytes.get() < QUEUED_BYTES && outlet.channel().isWritable();
    }

    @Override
    public void onWritable(Runnable action) {
        onLoop(0, () -> whenWritable = action);
    }

    @Override
    public void onGone(Runnable action) {
        onLoop(0, () -> {
            if (gone) {
                action.run();
            } else if (state != State.OVER) {
                whenGone = action;
            }
        });
    }

    /** Whether the endpoint is done with it. On the loop. */
    boolean isOver() {
        return state == State.OVER;
    }

    /** Whether nothing has gone out yet. On the loop. */
    boolean isFresh() {
        return state == State.FRESH;
    }

    /** The channel's write buffer has been emptied below its mark. On the loop. */
    void writabilityChanged() {
        if (state == State.BEGUN && whenWritable != null && isWritable()) {
            whenWritable.run();
        }
    }

    /** The client has left. On the loop. */
    void clientLeft() {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        gone = true;
        Runnable action = whenGone;
        whenGone = null;
        if (action != null) {
            action.run();
        }
    }

    private void onLoop(int bytes, Runnable step) {
        if (queuedCalls.get() == 0 && outlet.channel().eventLoop().inEventLoop()) {
            step.run();
            return;
        }
        queuedCalls.incrementAndGet();
        queuedBytes.addAndGet(bytes);
        try {
            outlet.channel().eventLoop().execute(() -> {
                // the call counts until it has run: what it calls in turn still queues behind those that wait
                try {
                    step.run();
                } finally {
                    queuedCalls.decrementAndGet();
                    long before = queuedBytes.getAndAdd(-bytes);
                    if (before >= QUEUED_BYTES && before - bytes < QUEUED_BYTES) {
                        writabilityChanged();
                    }
                }
            });
        } catch (RejectedExecutionException loopIsGone) {
            queuedCalls.decrementAndGet();
            queuedBytes.addAndGet(-bytes);
        }
    }
}
