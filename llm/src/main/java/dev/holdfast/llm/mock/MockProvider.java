// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.mock;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.llm.LlmProvider;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.target.Target;
import dev.holdfast.time.Ticker;
import dev.holdfast.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A raw provider without any network: the n-th call gets the n-th answer of its script, and the last answer repeats. Without
 * a script every answer is {@linkplain MockAnswer#derivedFromRequest() made from the request}. Counts calls and remembers
 * requests. Thread-safe.
 *
 * <pre>{@code
 * var mock = MockProvider.of(MockAnswer.error(Category.OVERLOADED), MockAnswer.text("Hello"));
 * var llm = Llm.builder().provider(mock).build();
 * }</pre>
 */
public final class MockProvider implements LlmProvider {
    private final Target target;
    private final List<MockAnswer> script;
    private final Ticker ticker;
    private final Timer timer;
    private final Executor executor;
    private final List<LlmRequest> requests = new ArrayList<>(); // guarded by itself

    private MockProvider(Builder from) {
        target = Target.of(from.name);
        script = from.script.isEmpty() ? List.of(MockAnswer.derivedFromRequest()) : List.copyOf(from.script);
        ticker = from.ticker;
        timer = from.timer != null ? from.timer : HoldfastRuntime.timer();
        executor = from.executor != null ? from.executor : HoldfastRuntime.executor();
    }

    /** Answers in turn, named {@code mock/model}. */
    public static MockProvider of(MockAnswer... answers) {
        return builder().answers(answers).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public CompletableFuture<LlmResponse> complete(LlmRequest request) {
        MockCall call = next(request);
        CompletableFuture<LlmResponse> answer = new CompletableFuture<>();
        call.whole(answer);
        return answer;
    }

    @Override
    public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
        return subscriber -> next(request).stream(subscriber);
    }

    private MockCall next(LlmRequest request) {
        int number;
        synchronized (requests) {
            number = requests.size();
            requests.add(request);
        }
        MockAnswer answer = script.get(Math.min(number, script.size() - 1));
        return new MockCall(
                answer.derived() ? Derived.answer(answer, request) : answer, target, ticker, timer, executor);
    }

    @Override
    public Target target() {
        return target;
    }

    /** How many calls were made, attempts of guarded calls each for itself. */
    public int calls() {
        synchronized (requests) {
            return requests.size();
        }
    }

    /** What was asked, in order. */
    public List<LlmRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Builds a {@link MockProvider}. Not thread-safe. */
    public static final class Builder {
        private String name = "mock/model";
        private final List<MockAnswer> script = new ArrayList<>();
        private Ticker ticker = Ticker.system();
        private @Nullable Timer timer;
        private @Nullable Executor executor;

        private Builder() {}

        /** What the target is called, {@code provider/model}; default {@code mock/model}. */
        public Builder name(String value) {
            name = Objects.requireNonNull(value, "name");
            return this;
        }

        /** Adds to the script. */
        public Builder answers(MockAnswer... values) {
            script.addAll(List.of(values));
            return this;
        }

        /**
         * What delays are measured by, and where delayed answers come from; default those of the process. Give the
         * engine's own virtual time for tests that do not wait.
         */
        public Builder time(Ticker newTicker, Timer newTimer, Executor newExecutor) {
            ticker = Objects.requireNonNull(newTicker, "ticker");
            timer = Objects.requireNonNull(newTimer, "timer");
            executor = Objects.requireNonNull(newExecutor, "executor");
            return this;
        }

        public MockProvider build() {
            return new MockProvider(this);
        }
    }
}
