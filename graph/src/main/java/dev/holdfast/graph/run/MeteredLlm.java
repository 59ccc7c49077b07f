// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.node.NodeContext;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The model of one attempt: calls end with it, know how long it has left, and their tokens are counted. */
final class MeteredLlm implements LlmProvider {
    private static final Duration LEAST = Duration.ofMillis(1);

    private final LlmProvider llm;
    private final NodeContext context;

    MeteredLlm(LlmProvider llm, NodeContext context) {
        this.llm = llm;
        this.context = context;
    }

    @Override
    public CompletableFuture<LlmResponse> complete(LlmRequest request) {
        CompletableFuture<LlmResponse> call = llm.complete(limited(request));
        context.onCancel(() -> call.cancel(true));
        // Its own future, completed after the tokens are counted: what hangs on one future runs in no sure order.
        CompletableFuture<LlmResponse> answer = new CompletableFuture<>();
        call.whenComplete((response, error) -> {
            if (error != null) {
                answer.completeExceptionally(error);
            } else {
                context.count(response.usage());
                answer.complete(response);
            }
        });
        answer.whenComplete((response, error) -> {
            if (answer.isCancelled()) {
                call.cancel(true);
            }
        });
        return answer;
    }

    @Override
    public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
        return subscriber -> llm.stream(limited(request)).subscribe(new Counting(subscriber));
    }

    @Override
    public Target target() {
        return llm.target();
    }

    private LlmRequest limited(LlmRequest request) {
        Duration left = context.timeLeft();
        if (left.toSeconds() > Duration.ofDays(365).toSeconds()) {
            return request;
        }
        Duration own = request.timeouts().deadline();
        Duration limit = own != null && own.compareTo(left) < 0 ? own : left;
        return request.withTimeouts(request.timeouts().withDeadline(limit.compareTo(LEAST) < 0 ? LEAST : limit));
    }

    private final class Counting implements Flow.Subscriber<StreamEvent> {
        private final Flow.Subscriber<? super StreamEvent> reader;

        Counting(Flow.Subscriber<? super StreamEvent> reader) {
            this.reader = reader;
        }

        @Override
        public void onSubscribe(Flow.@Nullable Subscription subscription) {
            if (subscription != null) {
                context.onCancel(subscription::cancel);
            }
            reader.onSubscribe(subscription);
        }

        @Override
        public void onNext(StreamEvent event) {
            if (event instanceof StreamEvent.Finish finish) {
                context.count(finish.response().usage());
            }
            reader.onNext(event);
        }

        @Override
        public void onError(Throwable error) {
            reader.onError(error);
        }

        @Override
        public void onComplete() {
            reader.onComplete();
        }
    }
}
