// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A subscriber that notes all signals, asks for what the test says, and minds the rules of reactive streams. */
public final class Reading implements Flow.Subscriber<StreamEvent> {
    public final List<StreamEvent> events = new CopyOnWriteArrayList<>();
    public final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
    public final CompletableFuture<StreamEvent> firstContent = new CompletableFuture<>();
    public final CompletableFuture<@Nullable Throwable> over = new CompletableFuture<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final long initialDemand;

    private Reading(long initialDemand) {
        this.initialDemand = initialDemand;
    }

    /** Reads all that comes. */
    public static Reading all(Flow.Publisher<StreamEvent> publisher) {
        return first(Long.MAX_VALUE, publisher);
    }

    /** Asks for so many events and then for none; {@link #request} asks for more. */
    public static Reading first(long demand, Flow.Publisher<StreamEvent> publisher) {
        Reading reading = new Reading(demand);
        publisher.subscribe(reading);
        return reading;
    }

    public void request(long count) {
        subscribed.join().request(count);
    }

    public void cancel() {
        subscribed.join().cancel();
    }

    public void awaitContent() throws Exception {
        firstContent.get(30, TimeUnit.SECONDS);
    }

    /** Waits for the end and gives the last event, having checked that it is the only terminal one. */
    public StreamEvent end() throws Exception {
        assertThat(over.get(30, TimeUnit.SECONDS)).as("onError is never called").isNull();
        assertThat(events.stream().filter(StreamEvent::isTerminal)).hasSize(1);
        StreamEvent last = events.get(events.size() - 1);
        assertThat(last.isTerminal()).isTrue();
        return last;
    }

    public StreamEvent.Error error() throws Exception {
        StreamEvent end = end();
        assertThat(end).isInstanceOf(StreamEvent.Error.class);
        return (StreamEvent.Error) end;
    }

    public LlmResponse response() throws Exception {
        StreamEvent end = end();
        assertThat(end).isInstanceOf(StreamEvent.Finish.class);
        return ((StreamEvent.Finish) end).response();
    }

    /** All text deltas so far. */
    public String text() {
        return events.stream()
                .filter(StreamEvent.TextDelta.class::isInstance)
                .map(event -> ((StreamEvent.TextDelta) event).text())
                .collect(Collectors.joining());
    }

    /** Whether it ends within the time given. */
    public boolean endsWithin(long millis) throws Exception {
        try {
            over.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscribed.complete(subscription);
        if (initialDemand > 0) {
            subscription.request(initialDemand);
        }
    }

    @Override
    public void onNext(StreamEvent event) {
        assertThat(busy.getAndIncrement()).as("signals come one at a time").isZero();
        assertThat(over).as("nothing follows the end").isNotDone();
        events.add(event);
        busy.decrementAndGet();
        if (event.isContent()) {
            firstContent.complete(event);
        }
    }

    @Override
    public void onError(Throwable error) {
        over.complete(error);
    }

    @Override
    public void onComplete() {
        over.complete(null);
    }
}
