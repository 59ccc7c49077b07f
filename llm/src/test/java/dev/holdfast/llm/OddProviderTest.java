// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallException;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.target.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Providers of users that bend or break their contract: the reader is told the truth once and nothing is left behind. */
@Timeout(120)
class OddProviderTest {
    private static final StreamEvent TEXT = new StreamEvent.TextDelta("so far");
    private static final StreamEvent FINISH = new StreamEvent.Finish(
            new LlmResponse("", "odd", List.of(new Content.Text("so far")), FinishReason.STOP, Usage.NONE, null));
    private static final StreamEvent FAILED =
            new StreamEvent.Error(Failure.of(Category.SERVER_ERROR, "test", "made up"), "");

    private final VirtualHoldfast virtual = new VirtualHoldfast(config -> config.withMaxAttempts(2));

    @AfterEach
    void nothingIsLeft() {
        virtual.run();
        virtual.assertAllReturned();
    }

    /** A provider whose stream does with its subscriber what the test says, as soon as that has asked for something. */
    private record Odd(Consumer<Flow.Subscriber<? super StreamEvent>> behaviour) implements LlmProvider {
        @Override
        public CompletableFuture<LlmResponse> complete(LlmRequest request) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("streams only"));
        }

        @Override
        public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
            return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                private boolean played;

                @Override
                public void request(long count) {
                    if (!played) {
                        played = true;
                        behaviour.accept(subscriber);
                    }
                }

                @Override
                public void cancel() {}
            });
        }

        @Override
        public Target target() {
            return Target.of("odd/model");
        }
    }

    private Reading read(Consumer<Flow.Subscriber<? super StreamEvent>> behaviour) {
        Reading reading = Reading.all(stream(new Odd(behaviour), LlmRequest.of("Hello")));
        virtual.run();
        return reading;
    }

    private Flow.Publisher<StreamEvent> stream(LlmProvider provider, LlmRequest request) {
        return Llm.builder().provider(provider).holdfast(virtual.engine).build().stream(request);
    }

    @Test
    void aStreamThatCompletesWithoutAnEndWasCut() throws Exception {
        StreamEvent.Error error = read(to -> {
                    to.onNext(TEXT);
                    to.onComplete();
                })
                .error();

        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error.textSoFar()).isEqualTo("so far");
        assertThat(error.report().attempts()).hasSize(1);
    }

    @Test
    void aStreamThatCompletesWithoutAnythingIsTriedAgain() throws Exception {
        StreamEvent.Error error = read(Flow.Subscriber::onComplete).error();

        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error.failure().cause()).isInstanceOf(CallException.class);
        assertThat(error.report().attempts()).hasSize(2);
    }

    @Test
    void onErrorBeforeContentIsAFailedAttempt() throws Exception {
        StreamEvent.Error error =
                read(to -> to.onError(new IOException("made up"))).error();

        assertThat(error.failure().category()).isEqualTo(Category.NETWORK);
        assertThat(error.report().attempts()).hasSize(2);
    }

    @Test
    void onErrorAfterContentEndsWithTheTextSoFar() throws Exception {
        StreamEvent.Error error = read(to -> {
                    to.onNext(TEXT);
                    to.onError(new IOException("made up"));
                })
                .error();

        assertThat(error.textSoFar()).isEqualTo("so far");
        assertThat(error.report().attempts()).hasSize(1);
        assertThat(error.report().attempts().get(0).failure()).isNotNull();
    }

    @Test
    void onlyTheFirstEndCounts() throws Exception {
        LlmResponse response = read(to -> {
                    to.onNext(TEXT);
                    to.onNext(FINISH);
                    to.onNext(FAILED);
                    to.onNext(TEXT);
                    to.onNext(FINISH);
                    to.onComplete();
                })
                .response();

        assertThat(response.text()).isEqualTo("so far");
        assertThat(response.report().attempts().get(0).failure()).isNull();
    }

    @Test
    void anAnswerWithoutASingleDeltaCommitsWithItsEnd() throws Exception {
        LlmResponse response = read(to -> {
                    to.onNext(FINISH);
                    to.onComplete();
                })
                .response();

        assertThat(response.text()).isEqualTo("so far");
        assertThat(response.report().attempts()).hasSize(1);
    }

    @Test
    void aProviderThatHeedsNoDemandIsHeldToTheReaders() throws Exception {
        Reading reading = Reading.first(
                1,
                stream(
                        new Odd(to -> {
                            for (int i = 0; i < 100; i++) {
                                to.onNext(TEXT);
                            }
                            to.onNext(FINISH);
                            to.onComplete();
                        }),
                        LlmRequest.of("Hello")));
        assertThat(reading.events).hasSize(1);

        reading.request(Long.MAX_VALUE);

        assertThat(reading.response().text()).isEqualTo("so far");
        assertThat(reading.events).hasSize(101);
    }

    @Test
    void aPublisherThatThrowsOrIsNullIsAFailedAttempt() throws Exception {
        LlmProvider throwing = new Odd(to -> {
            throw new IllegalStateException("made up");
        });

        Reading reading = Reading.all(stream(throwing, LlmRequest.of("Hello")));
        virtual.run();

        assertThat(reading.error().failure().category()).isEqualTo(Category.UNKNOWN);
    }

    @Test
    void contentAfterTheTimeoutIsHeardByNobody() throws Exception {
        CompletableFuture<Flow.Subscriber<? super StreamEvent>> late = new CompletableFuture<>();
        LlmRequest request = LlmRequest.of("Hello")
                .withTimeouts(RequestTimeouts.CONFIGURED
                        .withFirstContent(Duration.ofSeconds(5))
                        .withDeadline(Duration.ofSeconds(6)));
        Reading reading = Reading.all(stream(new Odd(late::complete), request));
        virtual.run();

        late.join().onNext(TEXT);
        late.join().onNext(FINISH);
        late.join().onComplete();

        assertThat(reading.error().failure().category()).isEqualTo(Category.TIMEOUT);
        assertThat(reading.text()).isEmpty();
    }
}
