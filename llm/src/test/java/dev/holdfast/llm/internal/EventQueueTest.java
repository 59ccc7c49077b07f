// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Collected;
import dev.holdfast.llm.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules of reactive streams, for the one place that keeps them. */
@Timeout(120)
class EventQueueTest {
    private static final StreamEvent ERROR = new StreamEvent.Error(Failure.of(Category.UNKNOWN, "test", "made up"), "");

    /** Notes all that a subscriber and a source hear, in order. */
    private static class Heard implements Flow.Subscriber<StreamEvent>, EventQueue.Source {
        final List<String> signals = new ArrayList<>();
        volatile boolean standing;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(StreamEvent event) {
            signals.add(event instanceof StreamEvent.TextDelta delta ? delta.text() : "end");
        }

        @Override
        public void onError(Throwable error) {
            signals.add("error " + error.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            signals.add("complete");
        }

        @Override
        public void hungry() {
            standing = false;
        }

        @Override
        public void sated() {
            standing = true;
        }

        @Override
        public void left() {
            signals.add("left");
        }
    }

    private final Heard heard = new Heard();
    private final EventQueue queue = new EventQueue(heard, heard);

    private void put(String text) {
        queue.add(new StreamEvent.TextDelta(text));
        queue.drain();
    }

    private void end() {
        queue.add(ERROR);
        queue.drain();
    }

    @Test
    void noMoreThanWasAskedForIsDelivered() {
        put("a");
        put("b");
        put("c");
        assertThat(heard.signals).isEmpty();

        queue.request(2);
        assertThat(heard.signals).containsExactly("a", "b");

        queue.request(1);
        assertThat(heard.signals).containsExactly("a", "b", "c");
    }

    @Test
    void completionFollowsTheTerminalEventWithoutFurtherDemand() {
        queue.request(1);
        end();
        put("late");
        queue.request(10);

        assertThat(heard.signals).containsExactly("end", "complete");
    }

    @Test
    void demandThatOverflowsIsUnbounded() {
        queue.request(Long.MAX_VALUE);
        queue.request(Long.MAX_VALUE);
        put("a");
        put("b");

        assertThat(heard.signals).containsExactly("a", "b");
    }

    @Test
    void demandOfNothingIsAnError() {
        put("a");
        queue.request(0);
        queue.request(1);

        assertThat(heard.signals).containsExactly("left", "error IllegalArgumentException");
    }

    @Test
    void nothingFollowsACancelAndDemandAfterItMeansNothing() {
        put("a");
        queue.cancel();
        queue.cancel();
        queue.request(5);
        queue.request(-1);

        assertThat(heard.signals).containsExactly("left");
    }

    @Test
    void cancellingAfterTheEndIsNotLeaving() {
        queue.request(1);
        end();
        queue.cancel();

        assertThat(heard.signals).containsExactly("end", "complete");
    }

    @Test
    void aDeepAnswerNeedsNoDeepStack() {
        int count = 200_000;
        AtomicInteger seen = new AtomicInteger();
        EventQueue[] own = new EventQueue[1];
        Heard asking = new Heard() {
            @Override
            public void onNext(StreamEvent event) {
                seen.incrementAndGet();
                own[0].request(1);
            }
        };
        own[0] = new EventQueue(asking, asking);
        for (int i = 0; i < count; i++) {
            own[0].add(new StreamEvent.TextDelta("x"));
        }

        own[0].request(1);

        assertThat(seen).hasValue(count);
    }

    @Test
    void whateverTheThreadsDoTheSourceKnowsAtLastWhetherThereIsDemand() throws Exception {
        int rounds = 20_000;
        for (int round = 0; round < rounds; round++) {
            Heard own = new Heard();
            EventQueue raced = new EventQueue(own, own);
            raced.request(1);
            CountDownLatch done = new CountDownLatch(1);
            Thread asking = new Thread(() -> {
                raced.request(1);
                done.countDown();
            });
            if (round % 100 == 0) {
                asking.start();
            } else {
                asking.run();
            }
            raced.add(new StreamEvent.TextDelta("x"));
            raced.drain();
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            if (round % 100 == 0) {
                asking.join();
            }

            assertThat(own.signals).hasSize(1);
            assertThat(own.standing).as("one of two is still wanted").isFalse();
        }
    }

    @Test
    void whoStillHoldsTheQueueDoesNotHoldItsReader() throws Exception {
        Heard source = new Heard();
        for (int way = 0; way < 3; way++) {
            Heard reader = new Heard();
            EventQueue left = new EventQueue(reader, source);
            left.request(1);
            switch (way) {
                case 0 -> left.cancel();
                case 1 -> {
                    left.add(ERROR);
                    left.drain();
                }
                default -> left.request(0);
            }
            Collected watched = new Collected(reader);
            reader = null;

            watched.await("the reader of a queue that ended in way " + way);
            assertThat(left.isOver()).isTrue();
        }
    }
}
