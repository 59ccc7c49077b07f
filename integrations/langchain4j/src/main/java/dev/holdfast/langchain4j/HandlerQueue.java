// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a handler is to hear, told in order and one at a time, whichever threads it comes from: whoever finds nobody telling
 * tells. After the terminal callback, or once the handler has left, nothing is told any more. Thread-safe.
 */
final class HandlerQueue {
    private static final Logger LOG = System.getLogger(HandlerQueue.class.getName());

    private record Item(Consumer<StreamingChatResponseHandler> told, boolean terminal) {}

    private final StreamingChatResponseHandler handler;
    private final Watcher watcher;
    private final Queue<Item> items = new ConcurrentLinkedQueue<>();
    private final AtomicInteger drains = new AtomicInteger();
    private volatile boolean over;

    /** Hears what matters to the engine. */
    interface Watcher {
        /** The handler is running, so silence is its own doing; or it is not any more. */
        void busy(boolean now);

        /** The handler threw in the middle; what it is told instead is the last thing that it hears. */
        void failed(Throwable error);
    }

    HandlerQueue(StreamingChatResponseHandler handler, Watcher watcher) {
        this.handler = handler;
        this.watcher = watcher;
    }

    void add(Consumer<StreamingChatResponseHandler> told) {
        items.add(new Item(told, false));
    }

    void addLast(Consumer<StreamingChatResponseHandler> told) {
        items.add(new Item(told, true));
    }

    /** Nothing more is to be told. */
    void leave() {
        over = true;
    }

    void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            Item next = items.poll();
            while (next != null) {
                tell(next);
                next = items.poll();
            }
            seen = drains.addAndGet(-seen);
        } while (seen != 0);
    }

    private void tell(Item item) {
        if (over) {
            return;
        }
        if (item.terminal()) {
            over = true;
            last(item.told());
            return;
        }
        watcher.busy(true);
        @Nullable Throwable thrown = null;
        try {
            item.told().accept(handler);
        } catch (Throwable e) { // whatever it is, the handler must hear of an end
            thrown = e;
        }
        watcher.busy(false);
        if (thrown != null && !over) {
            over = true;
            Throwable error = thrown;
            watcher.failed(error);
            last(told -> told.onError(error));
        }
    }

    private void last(Consumer<StreamingChatResponseHandler> told) {
        try {
            told.accept(handler);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a streaming handler failed in its last callback", e);
        }
    }
}
