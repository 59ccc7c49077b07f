// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.mock;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.EmbeddingResponse;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.internal.EventQueue;
import dev.holdfast.target.Target;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call of a {@link MockProvider}: plays its answer, whole or event by event, on the timer's clock. */
final class MockCall implements EventQueue.Source, Flow.Subscription {
    private final MockAnswer answer;
    private final Target target;
    private final Ticker ticker;
    private final Timer timer;
    private final Executor executor;
    private final AtomicReference<Timer.@Nullable Scheduled> waiting = new AtomicReference<>();
    private volatile boolean left;
    private volatile @Nullable EventQueue events;

    MockCall(MockAnswer answer, Target target, Ticker ticker, Timer timer, Executor executor) {
        this.answer = answer;
        this.target = target;
        this.ticker = ticker;
        this.timer = timer;
        this.executor = executor;
    }

    void whole(CompletableFuture<LlmResponse> future) {
        end(future, failure(), this::response);
    }

    /** Vectors need no text of the script: only its error, delay, silence and usage count. */
    void vectors(CompletableFuture<EmbeddingResponse> future, List<float[]> vectors) {
        end(future, answer.failure(), () -> new EmbeddingResponse(target.model(), vectors, answer.usage(), null));
    }

    private <T> void end(CompletableFuture<T> future, @Nullable Failure failure, Supplier<T> value) {
        future.whenComplete((response, error) -> left());
        if (answer.silent()) {
            return;
        }
        after(answer.delay(), () -> {
            if (failure != null) {
                future.completeExceptionally(new ProviderException(failure, 0, Map.of()));
            } else {
                future.complete(value.get());
            }
        });
    }

    void stream(Flow.Subscriber<? super StreamEvent> subscriber) {
        EventQueue queue = new EventQueue(subscriber, this);
        events = queue;
        subscriber.onSubscribe(this);
        if (!answer.silent()) {
            after(answer.delay(), () -> play(script().iterator(), queue));
        }
    }

    private void play(Iterator<StreamEvent> script, EventQueue queue) {
        while (script.hasNext() && !left) {
            queue.add(script.next());
            if (script.hasNext() && !answer.pause().isZero()) {
                queue.drain();
                after(answer.pause(), () -> play(script, queue));
                return;
            }
        }
        queue.drain();
    }

    private List<StreamEvent> script() {
        List<StreamEvent> script = new ArrayList<>();
        String text = String.join("", answer.chunks());
        for (String chunk : answer.chunks()) {
            script.add(new StreamEvent.TextDelta(chunk));
        }
        Failure failure = failure();
        if (failure != null) {
            script.add(new StreamEvent.Error(failure, text));
            return script;
        }
        if (!text.isEmpty()) {
            script.add(new StreamEvent.TextEnd(text));
        }
        answer.toolCalls().forEach(call -> script.add(new StreamEvent.ToolCallComplete(call)));
        script.add(new StreamEvent.UsageUpdate(answer.usage()));
        script.add(new StreamEvent.Finish(response()));
        return script;
    }

    /** An answer without content is a failure here as with any provider. */
    private @Nullable Failure failure() {
        boolean empty =
                answer.toolCalls().isEmpty() && String.join("", answer.chunks()).isEmpty();
        return answer.failure() == null && empty
                ? Failure.of(Category.EMPTY_RESPONSE, "mock", "the answer holds neither text nor tool calls")
                : answer.failure();
    }

    private LlmResponse response() {
        List<Content> content = new ArrayList<>();
        String text = String.join("", answer.chunks());
        if (!text.isEmpty()) {
            content.add(new Content.Text(text));
        }
        content.addAll(answer.toolCalls());
        FinishReason usual = answer.toolCalls().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
        FinishReason reason = Objects.requireNonNullElse(answer.finishReason(), usual);
        return new LlmResponse("mock", target.model(), content, reason, answer.usage(), null);
    }

    /** At once on this thread, or later on the executor: the timer's thread runs nobody's code. */
    private void after(Duration delay, Runnable action) {
        if (delay.isZero()) {
            action.run();
            return;
        }
        long atNanos = Nanos.add(ticker.nanos(), Nanos.of(delay));
        waiting.set(timer.at(atNanos, () -> executor.execute(action)));
        if (left) {
            left();
        }
    }

    @Override
    public void request(long count) {
        EventQueue queue = events;
        if (queue != null) {
            queue.request(count);
        }
    }

    @Override
    public void cancel() {
        EventQueue queue = events;
        if (queue != null) {
            queue.cancel();
        }
    }

    /** What comes, comes by itself. */
    @Override
    public void hungry() {}

    @Override
    public void sated() {}

    @Override
    public void left() {
        left = true;
        Timer.Scheduled scheduled = waiting.getAndSet(null);
        if (scheduled != null) {
            scheduled.cancel();
        }
    }
}
