// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.llm.StreamEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands events that come by themselves to one subscriber by the rules of reactive streams: one at a time, no more than asked
 * for, {@code onComplete} right after the terminal one, nothing after a cancel. What is not asked for yet is kept.
 */
final class EventRelay {
    private static final Logger LOG = System.getLogger(EventRelay.class.getName());

    private final Queue<StreamEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger();
    private final Runnable left;
    private volatile boolean over;
    private volatile @Nullable IllegalArgumentException misuse;

    /** Null once all is said (reactive streams, rule 3.13). Touched by the one who delivers alone. */
    private Flow.@Nullable Subscriber<? super StreamEvent> subscriber;

    /** @param left runs when the subscriber breaks its contract and so counts as gone */
    EventRelay(Flow.Subscriber<? super StreamEvent> subscriber, Runnable left) {
        this.subscriber = subscriber;
        this.left = left;
    }

    boolean isOver() {
        return over;
    }

    void add(StreamEvent event) {
        if (!over) {
            events.add(event);
        }
    }

    void request(long count) {
        if (count <= 0) {
            misuse = new IllegalArgumentException("demand must be positive (reactive streams, rule 3.9): " + count);
        } else {
            demand.accumulateAndGet(count, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
        }
        drain();
    }

    void cancel() {
        over = true;
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
        Flow.Subscriber<? super StreamEvent> reader = subscriber;
        IllegalArgumentException wrong = misuse;
        if (reader != null && wrong != null && !over) {
            over = true;
            left.run();
            tell(() -> reader.onError(wrong));
        }
        while (reader != null && !over && demand.get() > 0) {
            StreamEvent event = events.poll();
            if (event == null) {
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
        }
    }

    /** A subscriber that throws has broken its contract and counts as gone (reactive streams, rule 2.13). */
    private void tell(Runnable signal) {
        try {
            signal.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the subscriber of a stream threw; it is told nothing more", e);
            over = true;
            left.run();
        }
    }
}
