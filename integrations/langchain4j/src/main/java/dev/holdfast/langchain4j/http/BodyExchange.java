// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.holdfast.langchain4j.internal.AttemptScope;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.TimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One exchange, read by a thread that waits for it: the head, then the body piece by piece. Each wait is bounded, and ends
 * when the thread is interrupted or the exchange is cancelled. What is not read is not asked of the sender.
 */
final class BodyExchange implements TransportListener {
    private final HttpTimeouts timeouts;
    private final @Nullable AttemptScope scope;
    private final long startNanos = System.nanoTime();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
    private @Nullable Exchange exchange;
    private @Nullable ResponseHead head;
    private @Nullable Throwable broken;
    private boolean complete;
    private boolean cancelled;
    private boolean connected;

    /** Touched by the reading thread alone. */
    private boolean sawByte;

    BodyExchange(HttpTimeouts timeouts, @Nullable AttemptScope scope) {
        this.timeouts = timeouts;
        this.scope = scope;
    }

    void start(Transport transport, TransportRequest request) {
        if (scope != null) {
            scope.onCancel(this::cancel);
        }
        Exchange started = transport.send(request, this);
        boolean late;
        lock.lock();
        try {
            exchange = started;
            late = cancelled;
        } finally {
            lock.unlock();
        }
        if (late) {
            started.cancel();
        } else {
            started.request(1);
        }
    }

    /** Whether the server may have acted on the request. */
    boolean sent() {
        lock.lock();
        try {
            return connected || head != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the body has been read to its end. */
    boolean isOver() {
        lock.lock();
        try {
            return complete && pieces.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The head, if it has come. */
    @Nullable
    ResponseHead head() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the head.
     *
     * @throws TimeoutException if it does not come in time
     * @throws BrokenExchangeException if the connection fails
     */
    ResponseHead awaitHead() {
        lock.lock();
        try {
            while (head == null) {
                if (!await(startNanos + timeouts.firstByte().toNanos())) {
                    throw overdue("no response within ", timeouts.firstByte());
                }
            }
            return head;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next piece.
     *
     * @param most how long to wait in place of the idle timeout, after which the body counts as over; null for that timeout
     * @return null at the end of the body
     */
    @Nullable
    ByteBuffer next(@Nullable Duration most) {
        ByteBuffer piece;
        Exchange running;
        lock.lock();
        try {
            long nowNanos = System.nanoTime();
            Duration wait = most != null ? most : timeouts.idle();
            long untilNanos = sawByte || most != null
                    ? nowNanos + wait.toNanos()
                    : startNanos + timeouts.firstByte().toNanos();
            while (pieces.isEmpty() && !complete) {
                if (!await(untilNanos)) {
                    if (most != null) {
                        return null;
                    }
                    throw sawByte
                            ? overdue("no further byte for ", timeouts.idle())
                            : overdue("no content within ", timeouts.firstByte());
                }
            }
            piece = pieces.poll();
            running = exchange;
        } finally {
            lock.unlock();
        }
        if (piece != null) {
            sawByte = true;
            if (running != null) {
                running.request(1);
            }
        }
        return piece;
    }

    /**
     * Waits for a change, at most until then and within the whole; throws what stands in the way of an answer.
     *
     * @return false when the time is over
     */
    private boolean await(long untilNanos) {
        if (cancelled) {
            throw new LangChain4jException("the request was cancelled");
        }
        if (broken != null) {
            throw new BrokenExchangeException(broken);
        }
        long nowNanos = System.nanoTime();
        long wholeNanos = startNanos + timeouts.whole().toNanos() - nowNanos;
        if (wholeNanos <= 0) {
            throw overdue("no end within ", timeouts.whole());
        }
        long leftNanos = untilNanos - nowNanos;
        if (leftNanos <= 0) {
            return false;
        }
        try {
            changed.await(Math.min(leftNanos, wholeNanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw new LangChain4jException("interrupted while waiting for the response", e);
        }
    }

    private static TimeoutException overdue(String what, Duration limit) {
        return new TimeoutException(what + limit.toMillis() + " ms");
    }

    /** Ends the exchange; whoever waits for it is woken. Does nothing after the end. */
    void cancel() {
        Exchange running;
        lock.lock();
        try {
            if (!complete && broken == null) {
                cancelled = true;
            }
            running = exchange;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (running != null) {
            running.cancel();
        }
    }

    // What the transport tells.

    @Override
    public void onConnected() {
        lock.lock();
        try {
            connected = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onHead(ResponseHead received) {
        bytesArrived();
        lock.lock();
        try {
            head = received;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        bytesArrived();
        lock.lock();
        try {
            pieces.add(bytes);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void bytesArrived() {
        if (scope != null) {
            scope.bytesArrived();
        }
    }

    @Override
    public void onEnd() {
        lock.lock();
        try {
            complete = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onFailure(Throwable error) {
        lock.lock();
        try {
            broken = error;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
