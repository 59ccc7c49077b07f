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
final class EventQueue {
    private final Flow.Subscriber<? super StreamEvent> subscriber;
    private final Runnable onHungry;
    private final Runnable onLeft;
    private final ConcurrentLinkedQueue<StreamEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile boolean over;
    private volatile @Nullable IllegalArgumentException misuse;

    /**
     * @param onHungry called when there is demand and no event; must not block
     * @param onLeft called when the subscriber leaves before the end
     */
    EventQueue(Flow.Subscriber<? super StreamEvent> subscriber, Runnable onHungry, Runnable onLeft) {
        this.subscriber = subscriber;
        this.onHungry = onHungry;
        this.onLeft = onLeft;
    }

    boolean isOver() {
        return over;
    }

    boolean hasDemand() {
        return demand.get() > 0;
    }

    /** Adds an event without delivering it; {@link #drain} does that. */
    void add(StreamEvent event) {
        if (!over) {
            events.add(event);
        }
    }

    void request(long count) {
        if (count <= 0) {
            misuse = new IllegalArgumentException("demand must be positive (reactive streams, rule 3.9): " + count);
        } else {
            demand.accumulateAndGet(count, EventQueue::capped);
        }
        drain();
    }

    void cancel() {
        boolean first = !over;
        over = true;
        if (first) {
            onLeft.run();
        }
        drain();
    }

    void drain() {
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
        IllegalArgumentException wrong = misuse;
        if (wrong != null && !over) {
            over = true;
            onLeft.run();
            subscriber.onError(wrong);
        }
        while (!over && demand.get() > 0) {
            StreamEvent event = events.poll();
            if (event == null) {
                onHungry.run();
                return;
            }
            demand.accumulateAndGet(1, (had, one) -> had == Long.MAX_VALUE ? had : had - one);
            subscriber.onNext(event);
            if (event.isTerminal() && !over) {
                over = true;
                subscriber.onComplete();
            }
        }
        if (over) {
            events.clear();
        }
    }

    private static long capped(long had, long more) {
        long sum = had + more;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
