// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.gateway.config.GatewayConfig;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One line of JSON for each call, written by a thread of its own: calls only put their record into a bounded queue. A slow
 * disk costs lines, which are counted, never calls. Thread-safe.
 *
 * <p>The first line after a silence is written at once. After that the writer rests a little before it looks again, so that
 * busy event loops need not wake it for each call.
 */
public final class AccessLog implements CallObserver, AutoCloseable {
    private static final Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final int CAPACITY = 16_384;
    private static final int BATCH_BYTES = 64 << 10;
    private static final long REST_NANOS = 10_000_000L;
    private static final long LONGEST_CLOSE_MILLIS = 5_000;

    /** Where lines go. */
    @FunctionalInterface
    interface Sink {
        /** Opens it to append. */
        OutputStream open() throws IOException;
    }

    private final CounterDataPoint dropped;
    private final int capacity;
    private final Queue<CallRecord> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    /** Whether the writer waits to be woken; whoever sets it back wakes it. */
    private final AtomicBoolean asleep = new AtomicBoolean();

    private final AtomicBoolean losing = new AtomicBoolean();

    private final Thread writer = new Thread(this::write, "holdfast-access-log");
    private volatile @Nullable Sink wanted;
    private volatile boolean enabled = true;
    private volatile boolean closed;

    // of the writer
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream(BATCH_BYTES + 4096);
    private int lineCount;
    private @Nullable OutputStream out;

    /** Opens what the configuration names; lines that are lost are counted in the metrics. */
    public AccessLog(GatewayConfig.AccessLog config, Metrics metrics) throws IOException {
        this(
                Sinks.of(config),
                metrics.counter(
                        "holdfast_access_log_dropped_total", "Lines of the access log that could not be written."),
                CAPACITY);
        enabled = config.enabled();
    }

    /**
     * Opens the sink and begins to write there.
     *
     * @param dropped counts the lines that were lost
     * @param capacity of the queue
     */
    AccessLog(Sink sink, CounterDataPoint dropped, int capacity) throws IOException {
        this.dropped = dropped;
        this.capacity = capacity;
        this.out = sink.open();
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void ended(CallRecord call) {
        if (!enabled) {
            return;
        }
        if (closed) {
            dropped.inc();
            return;
        }
        if (queued.get() >= capacity) {
            lost(1, "lines come faster than they can be written");
            return;
        }
        queued.getAndIncrement();
        queue.add(call);
        wake();
    }

    /** Goes on by this configuration: elsewhere, or in a new file of the old name when the old one was moved away. */
    public void reopen(GatewayConfig.AccessLog config) {
        enabled = config.enabled();
        reopen(Sinks.of(config));
    }

    void reopen(Sink sink) {
        wanted = sink;
        wake();
    }

    private void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(writer);
        }
    }

    private void lost(int count, String why) {
        dropped.inc(count);
        if (losing.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, "access log: {0}; lines are lost until this is over", why);
        }
    }

    // The writer.

    private void write() {
        while (true) {
            boolean wrote = writeQueued();
            Sink next = wanted;
            if (next != null) {
                change(next);
            } else if (!wrote) {
                if (closed) {
                    closeOut();
                    return;
                }
                waitForMore();
            } else if (!closed) {
                LockSupport.parkNanos(this, REST_NANOS);
            }
        }
    }

    private void waitForMore() {
        asleep.set(true);
        // Whoever came before the flag was up did not see it.
        if (queue.isEmpty() && wanted == null && !closed) {
            LockSupport.park(this);
        }
        asleep.set(false);
    }

    /** Everything that is there; false for nothing. */
    private boolean writeQueued() {
        boolean any = false;
        CallRecord call = queue.poll();
        while (call != null) {
            any = true;
            queued.getAndDecrement();
            CallRecord line = call;
            Json.write(lines, json -> Json.call(json, line));
            lines.write('\n');
            lineCount++;
            if (lines.size() >= BATCH_BYTES) {
                flush();
            }
            call = queue.poll();
        }
        if (lineCount > 0) {
            flush();
        }
        return any;
    }

    private void flush() {
        try {
            OutputStream open = out;
            if (open == null) {
                throw new IOException("it is not open");
            }
            lines.writeTo(open);
            open.flush();
            if (losing.compareAndSet(true, false)) {
                LOG.log(Level.INFO, "access log: lines are written again");
            }
        } catch (IOException e) {
            lost(lineCount, "cannot be written: " + e.getMessage());
        }
        lines.reset();
        lineCount = 0;
    }

    private void change(Sink next) {
        wanted = null;
        try {
            OutputStream opened = next.open();
            closeOut();
            out = opened;
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "access log: goes on where it was, the other place cannot be opened: {0}",
                    e.toString());
        }
    }

    private void closeOut() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "access log: cannot be closed: {0}", e.toString());
        }
        out = null;
    }

    /** Writes what is queued, waits for that a few seconds at the most, and takes nothing more. */
    @Override
    public void close() {
        closed = true;
        asleep.set(false);
        LockSupport.unpark(writer);
        try {
            writer.join(LONGEST_CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
