// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.event.EventListener;
import dev.holdfast.event.HoldfastEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Serves one listener one event at a time, in order, on the executor. A listener that blocks for ever holds one thread and
 * its own queue, nothing else.
 */
final class Mailbox {
    private static final Logger LOG = System.getLogger(Mailbox.class.getName());
    private static final int CAPACITY = 65_536;

    private final EventListener listener;
    private final Executor executor;
    private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();

    /** How many entries of the queue are not dealt with; whoever raises it from 0 starts the drain. */
    private final AtomicInteger due = new AtomicInteger();

    private final AtomicBoolean threwBefore = new AtomicBoolean();
    /** Events that found no room since the listener last caught up. */
    private final AtomicLong dropped = new AtomicLong();

    private volatile boolean closed;

    Mailbox(EventListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    boolean serves(EventListener other) {
        return listener == other;
    }

    void offer(HoldfastEvent event) {
        if (due.get() >= CAPACITY) {
            if (dropped.getAndIncrement() == 0) {
                LOG.log(
                        Level.WARNING,
                        "listener {0} is {1} events behind; further events are dropped until it catches up",
                        listener,
                        CAPACITY);
            }
            return;
        }
        put(event);
    }

    /** Completes when everything offered before has been delivered. */
    CompletableFuture<Void> delivered() {
        CompletableFuture<Void> mark = new CompletableFuture<>();
        put(mark);
        return mark;
    }

    /** Nothing further is delivered. */
    void close() {
        closed = true;
    }

    private void put(Object entry) {
        queue.add(entry);
        if (due.getAndIncrement() == 0) {
            executor.execute(this::drain);
        }
    }

    private void drain() {
        int left;
        do {
            Object entry = queue.poll();
            if (entry instanceof HoldfastEvent event) {
                deliver(event);
            } else if (entry instanceof CompletableFuture<?> mark) {
                mark.complete(null);
            }
            left = due.decrementAndGet();
        } while (left > 0);
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.log(Level.WARNING, "listener {0} has caught up; {1} events were dropped", listener, lost);
        }
    }

    private void deliver(HoldfastEvent event) {
        if (closed) {
            return;
        }
        try {
            listener.on(event);
        } catch (Throwable error) {
            if (threwBefore.compareAndSet(false, true)) {
                LOG.log(
                        Level.WARNING,
                        "listener " + listener + " threw; it goes on, further errors are not logged",
                        error);
            }
        }
    }
}
