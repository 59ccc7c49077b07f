// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body as its client reads it: waits for pieces, asks for the next one only when the client waits, and ends as the attempt
 * ends. Closing it early leaves the attempt. Thread-safe; a lock and not a monitor, so that a virtual thread can wait.
 */
final class WireBody extends InputStream {
    /** The attempt behind a body. */
    interface Source {
        /** The client waits for more. */
        void hungry();

        /** The client has what it waited for. */
        void sated();

        /** The client has closed the body. */
        void left();
    }

    private final Source source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private int position;
    private boolean ended;
    private boolean closed;
    private boolean woken;
    private @Nullable RuntimeException failure;

    WireBody(Source source) {
        this.source = source;
    }

    void add(byte[] piece) {
        if (piece.length == 0) {
            return;
        }
        lock.lock();
        try {
            pieces.add(piece);
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Something came that was no piece yet: who waits asks for more. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing follows what was added. The first end counts. */
    void end(@Nullable RuntimeException reason) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = reason;
            }
            wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            if (!await()) {
                return -1;
            }
            byte[] piece = pieces.element();
            int taken = Math.min(length, piece.length - position);
            System.arraycopy(piece, position, target, offset, taken);
            position += taken;
            if (position == piece.length) {
                pieces.remove();
                position = 0;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is a piece; false at the end. */
    private boolean await() throws IOException {
        boolean waited = false;
        while (pieces.isEmpty() && !ended && !closed) {
            waited = true;
            woken = false;
            source.hungry(); // which may bring something on this very thread
            try {
                while (!woken) {
                    changed.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                source.left();
                throw new InterruptedIOException("the reading thread was interrupted");
            }
        }
        if (waited) {
            source.sated();
        }
        if (closed) {
            throw new IOException("the body is closed");
        }
        if (pieces.isEmpty() && failure != null) {
            throw failure;
        }
        return !pieces.isEmpty();
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return pieces.isEmpty() ? 0 : pieces.element().length - position;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            pieces.clear();
            wake();
        } finally {
            lock.unlock();
        }
        source.left();
    }
}
