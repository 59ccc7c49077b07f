// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The events of a stream for a thread that waits for them, read one at a time: what is not asked for is not read from the
 * server. The last event is a {@link StreamEvent.Finish} or a {@link StreamEvent.Error}. Closing it before cancels the
 * request at once. To be read by one thread; {@link #close} may be called by any.
 *
 * <p>A thread that is interrupted while it waits gets a {@link StreamEvent.Error} of category cancelled as its last event,
 * keeps its interrupt flag, and the request is cancelled.
 */
public final class EventStream implements Iterable<StreamEvent>, AutoCloseable {
    private final Reader reader = new Reader();

    private EventStream() {}

    /** The events of a publisher that ends as {@link LlmProvider#stream} says; subscribes at once. */
    public static EventStream of(Flow.Publisher<StreamEvent> publisher) {
        EventStream stream = new EventStream();
        publisher.subscribe(stream.reader);
        return stream;
    }

    /** The events; every call gives the same, single pass. */
    @Override
    public Iterator<StreamEvent> iterator() {
        return reader;
    }

    @Override
    public void close() {
        reader.leave();
    }

    private static final class Reader implements Flow.Subscriber<StreamEvent>, Iterator<StreamEvent> {
        private final LinkedBlockingQueue<StreamEvent> arrived = new LinkedBlockingQueue<>();
        private volatile Flow.@Nullable Subscription subscription;
        private volatile boolean left;
        private boolean ended;
        private final StringBuilder text = new StringBuilder();
        private @Nullable StreamEvent next;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(StreamEvent event) {
            arrived.add(event);
        }

        @Override
        public void onError(Throwable error) {
            arrived.add(new StreamEvent.Error(
                    Failure.of(Category.UNKNOWN, "stream.error", String.valueOf(error.getMessage()))
                            .withCause(error),
                    ""));
        }

        @Override
        public void onComplete() {}

        @Override
        public boolean hasNext() {
            if (next == null && !ended && !left) {
                next = await();
                ended = next.isTerminal();
            }
            return next != null;
        }

        @Override
        public StreamEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the stream has ended");
            }
            StreamEvent event = Objects.requireNonNull(next);
            next = null;
            if (event instanceof StreamEvent.TextDelta delta) {
                text.append(delta.text());
            }
            return event;
        }

        private StreamEvent await() {
            Flow.Subscription given = subscription;
            if (given != null) {
                given.request(1);
            }
            try {
                return withText(arrived.take());
            } catch (InterruptedException e) {
                leave();
                Thread.currentThread().interrupt();
                return withText(cancelled("the reading thread was interrupted", e));
            }
        }

        /** An end of our own making comes from a thread that does not know the text. */
        private StreamEvent withText(StreamEvent event) {
            return event instanceof StreamEvent.Error error && error.failure().category() == Category.CANCELLED
                    ? new StreamEvent.Error(error.failure(), text.toString(), error.report())
                    : event;
        }

        private static StreamEvent cancelled(String message, @Nullable Throwable cause) {
            return new StreamEvent.Error(
                    Failure.of(Category.CANCELLED, "stream.cancelled", message).withCause(cause), "");
        }

        void leave() {
            left = true;
            Flow.Subscription given = subscription;
            if (given != null) {
                given.cancel();
            }
            // A thread that waits for an event will get none any more.
            arrived.add(cancelled("the stream was closed", null));
        }
    }
}
