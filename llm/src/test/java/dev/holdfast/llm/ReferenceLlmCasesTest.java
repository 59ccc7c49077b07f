// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallException;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.target.Target;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases of the reference systems that no other test shows. */
@Timeout(120)
class ReferenceLlmCasesTest {
    /** A provider that is broken itself. */
    private static final class Unsupporting implements LlmProvider {
        final AtomicInteger calls = new AtomicInteger();

        @Override
        public CompletableFuture<LlmResponse> complete(LlmRequest request) {
            calls.incrementAndGet();
            throw new UnsupportedOperationException("no such feature");
        }

        @Override
        public Flow.Publisher<StreamEvent> stream(LlmRequest request) {
            throw new UnsupportedOperationException("no such feature");
        }

        @Override
        public Target target() {
            return Target.of("mock/broken");
        }
    }

    @Test
    void aFailedCallTellsHowLongItTook() throws Exception {
        VirtualLlm virtual = new VirtualLlm(
                config -> config.withMaxAttempts(1),
                MockAnswer.error(Category.SERVER_ERROR).after(Duration.ofSeconds(3)));

        CallException failed = (CallException) virtual.error(virtual.llm.complete("Hello"));

        assertThat(failed.report().elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(failed.report().attempts().get(0).elapsed()).isEqualTo(Duration.ofSeconds(3));
        virtual.assertAllReturned();
    }

    @Test
    void anErrorOfTheProgramKeepsItsTypeAndIsTriedOnceMoreAtMost() {
        VirtualHoldfast holdfast = new VirtualHoldfast(config -> config.withMaxAttempts(5));
        Unsupporting broken = new Unsupporting();
        Llm llm = Llm.builder().provider(broken).holdfast(holdfast.engine).build();

        CompletableFuture<LlmResponse> call = llm.complete("Hello");
        holdfast.run();

        CallException failed = VirtualHoldfast.callError(call);
        assertThat(failed).hasCauseInstanceOf(UnsupportedOperationException.class);
        assertThat(failed.category()).isEqualTo(Category.UNKNOWN);
        assertThat(broken.calls).hasValue(2);
        holdfast.assertAllReturned();
    }

    @Test
    void eachCallTellsOneStartAndOneEnd() throws Exception {
        VirtualLlm virtual = new VirtualLlm(MockAnswer.error(Category.OVERLOADED), MockAnswer.text("ok"));

        virtual.value(virtual.llm.complete("Hello"));

        assertThat(virtual.holdfast.events(CallEvent.CallStarted.class)).hasSize(1);
        assertThat(virtual.holdfast.events(CallEvent.CallEnded.class)).hasSize(1);
        virtual.assertAllReturned();
    }

    @Test
    void aDeadServerIsSaidToBeDead() throws Exception {
        ResilienceConfig once = ResilienceConfig.defaults().withMaxAttempts(1);
        try (Holdfast engine = Holdfast.builder().config(once).build()) {
            Llm llm = Llm.builder()
                    .targets("ollama/llama3")
                    .baseUrl("ollama", "http://127.0.0.1:1")
                    .holdfast(engine)
                    .build();

            CompletableFuture<LlmResponse> call = llm.complete("Hello");

            assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            CallException.class, e -> assertThat(e.category()).isEqualTo(Category.NETWORK));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim/tokens=60", "sim-anthropic/tokens=60"})
    void aStreamOfTextIsManyPiecesOneWholeAndOneEnd(String target) throws Exception {
        try (Guarded guarded = new Guarded()) {
            Reading reading = Reading.all(guarded.llm(target).stream("Three paragraphs, please"));

            LlmResponse response = reading.response();

            assertThat(reading.events.stream().filter(StreamEvent.TextDelta.class::isInstance))
                    .hasSizeGreaterThanOrEqualTo(3);
            assertThat(reading.events.stream().filter(StreamEvent.TextEnd.class::isInstance))
                    .containsExactly(new StreamEvent.TextEnd(reading.text()));
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.text()).isEqualTo(reading.text()).hasSizeGreaterThan(200);
        }
    }
}
