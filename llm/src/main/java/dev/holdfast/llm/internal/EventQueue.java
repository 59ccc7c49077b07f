// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import dev.holdfast.llm.StreamEvent;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to one subscriber by the rules of reactive streams: one signal at a time, never more than was asked for,
 * {@code onComplete} right after the terminal event, nothing after a cancel. Whoever adds an event or demand and finds nobody
 * delivering delivers; {@code turns} counts who came meanwhile.
 */
public final class EventQueue implements EventSink {
    private static final System.Logger LOG = System.getLogger(EventQueue.class.getName());

    /** Who fills the queue. Its methods must not block. */
    public interface Source {
        /** There is demand and no event. Never at the same time as {@link #sated}. */
        void hungry();

        /** There is no demand. */
        void sated();

        /** The subscriber leaves before the end; on the thread on which it does. */
        void left();
    }

    /**
     * Null once all is said, so that whoever still holds the queue does not hold its reader (reactive streams, rule 3.13):
     * the JDK's client keeps an exchange for some seconds after it was cancelled. Touched by the one who delivers alone.
     */
    private Flow.@Nullable Subscriber<? super StreamEvent> subscriber;

    private final Source source;
    private final ConcurrentLinkedQueue<StreamEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile boolean over;
    private volatile @Nullable IllegalArgumentException misuse;

    public EventQueue(Flow.Subscriber<? super StreamEvent> subscriber, Source source) {
        this.subscriber = subscriber;
        this.source = source;
    }

    public boolean isOver() {
        return over;
    }

    /** Adds an event without delivering it; {@link #drain} does that. */
    @Override
    public void add(StreamEvent event) {
        if (!over) {
            events.add(event);
        }
    }

    public void request(long count) {
        if (count <= 0) {
            misuse = new IllegalArgumentException("demand must be positive (reactive streams, rule 3.9): " + count);
        } else {
            demand.accumulateAndGet(count, EventQueue::capped);
        }
        drain();
    }

    public void cancel() {
        boolean first = !over;
        over = true;
        if (first) {
            source.left();
        }
        drain();
    }

    @Override
    public void drain() {
        if (turns.getAndIncrement() != 0) {
            return;
        }
        int handled = 1;
        do {
            deliver();
            handled = turns.addAndGet(-handled);
        } while (handled != 0);
    }

    private void deliver() {
        Flow.Subscriber<? super StreamEvent> reader = subscriber;
        if (reader == null) {
            events.clear();
            return;
        }
        IllegalArgumentException wrong = misuse;
        if (wrong != null && !over) {
            over = true;
            source.left();
            tell(() -> reader.onError(wrong));
        }
        while (!over && demand.get() > 0) {
            StreamEvent event = events.poll();
            if (event == null) {
                source.hungry();
                return;
            }
            demand.accumulateAndGet(1, (had, one) -> had == Long.MAX_VALUE ? had : had - one);
            tell(() -> reader.onNext(event));
            if (event.isTerminal() && !over) {
                over = true;
                tell(reader::onComplete);
            }
        }
        if (over) {
            subscriber = null;
            events.clear();
        } else {
            source.sated();
        }
    }

    /** A subscriber that throws has broken its contract and counts as gone (reactive streams, rule 2.13). */
    private void tell(Runnable signal) {
        try {
            signal.run();
        } catch (Throwable error) {
            LOG.log(System.Logger.Level.WARNING, "the subscriber of a stream threw; it is told nothing more", error);
            over = true;
            source.left();
        }
    }

    private static long capped(long had, long more) {
        long sum = had + more;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
