// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.llm.internal.Futures;
import dev.holdfast.llm.transport.Exchange;
import dev.holdfast.llm.transport.ResponseHead;
import dev.holdfast.llm.transport.Transport;
import dev.holdfast.llm.transport.TransportListener;
import dev.holdfast.llm.transport.TransportRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Another library's HTTP client as a transport: it opens responses whose bodies are read by blocking. Each piece is read on a
 * thread of its own, virtual where the JDK has them, else from a pool that grows with what is read at once. Thread-safe.
 *
 * <p>An exchange that is cancelled before its head is cut as far as the client can, by cancelling the future that it opened;
 * while a piece is read, by interrupting the reader and closing the response. Clients that listen to neither must be given
 * timeouts of their own.
 */
public final class BlockingTransport implements Transport {
    private static final int PIECE_BYTES = 8192;

    private final Opener opener;

    /** Starts a request. */
    @FunctionalInterface
    public interface Opener {
        /** Completes with the head; cancelling the future cancels the request. */
        CompletableFuture<Opened> open(TransportRequest request);
    }

    /** A response whose body can be read. */
    public interface Opened {
        ResponseHead head();

        /** The body, read by one thread at a time. */
        InputStream body();

        /** Frees the connection; may be called while another thread reads. */
        void close();
    }

    public BlockingTransport(Opener opener) {
        this.opener = opener;
    }

    /** Threads for what blocks: virtual where the JDK has them, else daemons, as many as are busy at once. */
    public static Executor threads() {
        return HoldfastRuntime.shared(Threads.class, Threads::new).executor;
    }

    @Override
    public Exchange send(TransportRequest request, TransportListener listener) {
        Running running = new Running(listener);
        running.opening = opener.open(request);
        running.opening.whenComplete(running::opened);
        return running;
    }

    /** There is nothing to free: the client belongs to whoever made it. */
    @Override
    public void close() {}

    private static final class Threads {
        final Executor executor;

        Threads() {
            Executor shared = HoldfastRuntime.executor();
            executor = shared instanceof ThreadPoolExecutor ? pool() : shared;
        }

        private static ExecutorService pool() {
            return new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                        Thread thread = new Thread(task, "holdfast-reader");
                        thread.setDaemon(true);
                        return thread;
                    });
        }
    }

    private static final class Running implements Exchange {
        private final TransportListener listener;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile @Nullable CompletableFuture<Opened> opening;

        // guarded by this
        private long asked;
        private boolean reading;
        private @Nullable Opened response;
        private @Nullable Thread reader;

        Running(TransportListener listener) {
            this.listener = listener;
        }

        void opened(@Nullable Opened opened, @Nullable Throwable error) {
            if (opened == null) {
                if (over.compareAndSet(false, true)) {
                    listener.onFailure(Futures.unwrapped(error == null ? new IOException("no response") : error));
                }
                return;
            }
            if (over.get()) {
                opened.close();
                return;
            }
            listener.onConnected();
            listener.onHead(opened.head());
            synchronized (this) {
                response = opened;
            }
            if (over.get()) {
                opened.close();
            } else {
                readOn();
            }
        }

        @Override
        public void request(long pieces) {
            if (pieces <= 0) {
                throw new IllegalArgumentException("pieces must be positive: " + pieces);
            }
            synchronized (this) {
                asked = asked + pieces < 0 ? Long.MAX_VALUE : asked + pieces;
            }
            readOn();
        }

        private void readOn() {
            synchronized (this) {
                if (reading || asked == 0 || response == null || over.get()) {
                    return;
                }
                reading = true;
            }
            threads().execute(this::read);
        }

        private void read() {
            Opened from = begin();
            byte[] piece = new byte[PIECE_BYTES];
            while (from != null) {
                int length;
                try {
                    length = from.body().read(piece);
                } catch (IOException | RuntimeException e) {
                    finish(from, e);
                    return;
                }
                if (length < 0) {
                    finish(from, null);
                    return;
                }
                if (over.get()) {
                    from.close();
                    return;
                }
                if (length > 0) {
                    listener.onBytes(ByteBuffer.wrap(Arrays.copyOf(piece, length)));
                }
                from = goesOn(length > 0);
            }
        }

        private synchronized @Nullable Opened begin() {
            reader = Thread.currentThread();
            return response;
        }

        /** Whether there is demand for another piece; if not, this reader is done. */
        private synchronized @Nullable Opened goesOn(boolean delivered) {
            if (delivered && asked != Long.MAX_VALUE) {
                asked--;
            }
            if (asked > 0 && !over.get()) {
                return response;
            }
            reading = false;
            reader = null;
            return null;
        }

        private void finish(Opened from, @Nullable Exception error) {
            synchronized (this) {
                reader = null;
            }
            if (over.compareAndSet(false, true)) {
                if (error == null) {
                    listener.onEnd();
                } else {
                    listener.onFailure(error);
                }
            }
            from.close();
        }

        @Override
        public void cancel() {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            CompletableFuture<Opened> unopened = opening;
            if (unopened != null) {
                unopened.cancel(true);
            }
            Opened open;
            synchronized (this) {
                open = response;
                if (reader != null && reader != Thread.currentThread()) {
                    reader.interrupt();
                }
            }
            if (open != null) {
                close(open);
            }
        }

        /** Some clients do not take it well that a body is closed while it is read; its reader closes it then. */
        private static void close(Opened open) {
            threads().execute(() -> {
                try {
                    open.close();
                } catch (RuntimeException readMeanwhile) {
                    // the reader that is in the way closes it when it returns
                }
            });
        }
    }
}
