// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.mock;

import dev.holdfast.HoldfastRuntime;
import dev.holdfast.llm.EmbeddingProvider;
import dev.holdfast.llm.EmbeddingRequest;
import dev.holdfast.llm.EmbeddingResponse;
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
import java.util.function.Function;
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
public final class MockProvider implements LlmProvider, EmbeddingProvider {
    private final Target target;
    private final List<MockAnswer> script;
    private final Ticker ticker;
    private final Timer timer;
    private final Executor executor;
    private final @Nullable Function<LlmRequest, MockAnswer> answering;
    private final List<LlmRequest> requests = new ArrayList<>(); // guarded by itself
    private final List<EmbeddingRequest> embeddings = new ArrayList<>(); // guarded by requests

    private MockProvider(Builder from) {
        target = Target.of(from.name);
        script = from.script.isEmpty() ? List.of(MockAnswer.derivedFromRequest()) : List.copyOf(from.script);
        answering = from.answering;
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

    /** Vectors of 8 numbers, or as many as asked for, each the same for the same text; errors and delays as scripted. */
    @Override
    public CompletableFuture<EmbeddingResponse> embed(EmbeddingRequest request) {
        MockAnswer answer;
        synchronized (requests) {
            answer = scripted();
            embeddings.add(request);
        }
        CompletableFuture<EmbeddingResponse> vectors = new CompletableFuture<>();
        call(answer).vectors(vectors, Derived.vectors(request));
        return vectors;
    }

    private MockCall next(LlmRequest request) {
        MockAnswer answer;
        synchronized (requests) {
            answer = scripted();
            requests.add(request);
        }
        answer = answering == null ? answer : answering.apply(request);
        return call(answer.derived() ? Derived.answer(answer, request) : answer);
    }

    private MockAnswer scripted() {
        return script.get(Math.min(requests.size() + embeddings.size(), script.size() - 1));
    }

    private MockCall call(MockAnswer answer) {
        return new MockCall(answer, target, ticker, timer, executor);
    }

    @Override
    public Target target() {
        return target;
    }

    /** How many calls were made, attempts of guarded calls each for itself. */
    public int calls() {
        synchronized (requests) {
            return requests.size() + embeddings.size();
        }
    }

    /** The texts that were to become vectors, in order. */
    public List<EmbeddingRequest> embeddings() {
        synchronized (requests) {
            return List.copyOf(embeddings);
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
        private @Nullable Function<LlmRequest, MockAnswer> answering;
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

        /** Answers by a function of the request, in place of a script; it must be thread-safe. */
        public Builder answering(Function<LlmRequest, MockAnswer> function) {
            answering = Objects.requireNonNull(function, "function");
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
