// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.event;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Serves one listener one event at a time, in order, on the executor. A listener that blocks for ever holds one thread and
 * its own queue, nothing else; {@link EventListener} says what becomes of one that is slow or throws. For the rooms above,
 * so that what they tell arrives in the same way. Thread-safe.
 *
 * @param <E> the kind of events
 */
public final class Mailbox<E> {
    private static final Logger LOG = System.getLogger(Mailbox.class.getName());
    private static final int CAPACITY = 65_536;

    private final Object owner;
    private final Consumer<? super E> listener;
    private final Executor executor;
    private final ConcurrentLinkedQueue<Entry<E>> queue = new ConcurrentLinkedQueue<>();

    /** How many entries of the queue are not dealt with; whoever raises it from 0 starts the drain. */
    private final AtomicInteger due = new AtomicInteger();

    private final AtomicBoolean threwBefore = new AtomicBoolean();
    /** Events that found no room since the listener last caught up. */
    private final AtomicLong dropped = new AtomicLong();

    private volatile boolean closed;

    /**
     * @param owner names the listener in the log
     * @param listener takes the events
     */
    public Mailbox(Object owner, Consumer<? super E> listener, Executor executor) {
        this.owner = owner;
        this.listener = listener;
        this.executor = executor;
    }

    /** Hands over an event; never blocks. */
    public void offer(E event) {
        if (due.get() >= CAPACITY) {
            if (dropped.getAndIncrement() == 0) {
                LOG.log(
                        Level.WARNING,
                        "listener {0} is {1} events behind; further events are dropped until it catches up",
                        owner,
                        CAPACITY);
            }
            return;
        }
        put(new Letter<>(event));
    }

    /** Completes when everything offered before has been delivered. */
    public CompletableFuture<Void> delivered() {
        CompletableFuture<Void> mark = new CompletableFuture<>();
        put(new Mark<>(mark));
        return mark;
    }

    /** Nothing further is delivered. */
    public void close() {
        closed = true;
    }

    private void put(Entry<E> entry) {
        queue.add(entry);
        if (due.getAndIncrement() == 0) {
            executor.execute(this::drain);
        }
    }

    private void drain() {
        int left;
        do {
            Entry<E> entry = queue.poll();
            if (entry instanceof Letter<E> letter) {
                deliver(letter.event);
            } else if (entry instanceof Mark<E> mark) {
                mark.reached.complete(null);
            }
            left = due.decrementAndGet();
        } while (left > 0);
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.log(Level.WARNING, "listener {0} has caught up; {1} events were dropped", owner, lost);
        }
    }

    private void deliver(E event) {
        if (closed) {
            return;
        }
        try {
            listener.accept(event);
        } catch (Throwable error) {
            if (threwBefore.compareAndSet(false, true)) {
                LOG.log(
                        Level.WARNING,
                        "listener " + owner + " threw; it goes on, further errors are not logged",
                        error);
            }
        }
    }

    private sealed interface Entry<E> {}

    private record Letter<E>(E event) implements Entry<E> {}

    private record Mark<E>(CompletableFuture<Void> reached) implements Entry<E> {}
}
