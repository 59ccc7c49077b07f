// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import dev.holdfast.llm.preset.Prefill;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that goes on after an interruption, where its reader allows that. Over real sockets. */
@Timeout(120)
class StreamRecoveryTest {
    private static final String TOOL = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}";

    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded(config -> config.withMaxAttempts(3));
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    private static LlmRequestBuilder asking() {
        return LlmRequest.builder().user("Hello").streamRecovery(StreamRecovery.CONTINUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "reset,after=3", "error-mid", "malformed,after=3", "stall"})
    void anInterruptedTextGoesOnBehindAMarkedSeam(String model) throws Exception {
        for (String provider : List.of("sim/", "sim-anthropic/")) {
            guarded.simulator.reset();
            LlmRequest request = asking().timeouts(RequestTimeouts.CONFIGURED.withIdle(Duration.ofMillis(200)))
                    .build();

            Reading reading = Reading.all(guarded.llm(provider + model).stream(request));
            LlmResponse response = reading.response();

            String whole = Simulator.textOf(model);
            assertThat(reading.text()).isEqualTo(whole).isEqualTo(response.text());
            assertThat(reading.events)
                    .filteredOn(StreamEvent.Continued.class::isInstance)
                    .singleElement()
                    .satisfies(event -> {
                        StreamEvent.Continued seam = (StreamEvent.Continued) event;
                        assertThat(whole.substring(seam.at())).startsWith(" ");
                        assertThat(whole.substring(0, seam.at()).split(" ")).hasSize(3);
                        assertThat(seam.target().name()).isEqualTo(provider + model);
                    });
            assertThat(reading.events)
                    .filteredOn(StreamEvent.TextEnd.class::isInstance)
                    .containsExactly(new StreamEvent.TextEnd(whole));
            assertThat(response.report().attempts())
                    .extracting(attempt -> attempt.number())
                    .containsExactly(1, 2);
            assertThat(response.report().attempts().get(0).failure()).isNotNull();
            assertThat(response.report().attempts().get(1).failure()).isNull();
            assertThat(response.usage().outputTokens()).isGreaterThanOrEqualTo(17);
            assertThat(guarded.simulator.stats().attemptsPerCall())
                    .containsExactlyEntriesOf(java.util.Map.of(response.report().callId(), 2L));
        }
    }

    @Test
    void withoutTheWishItEndsWithTheTextSoFar() throws Exception {
        StreamEvent.Error error =
                Reading.all(guarded.llm("sim/cut").stream("Hello")).error();

        assertThat(error.textSoFar().split(" ")).hasSize(3);
        assertThat(guarded.requests()).isEqualTo(1);
    }

    @Test
    void aContinuationThatFailsTooLeavesTheInterruptionAndAllAttempts() throws Exception {
        Reading reading = Reading.first(1, guarded.llm("sim/cut").stream(asking().build()));
        reading.awaitContent();
        guarded.simulator.scenario(Scenario.parse("{\"errors\":[{\"share\":1,\"behaviour\":\"500\"}]}"));

        reading.request(Long.MAX_VALUE);

        StreamEvent.Error error = reading.error();
        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error.textSoFar()).isEqualTo(reading.text()).isNotEmpty();
        assertThat(reading.events).noneMatch(StreamEvent.Continued.class::isInstance);
        assertThat(error.report().attempts())
                .extracting(attempt -> attempt.failure().category())
                .containsExactly(Category.STREAM_INTERRUPTED, Category.SERVER_ERROR, Category.SERVER_ERROR);
        assertThat(guarded.requests()).isEqualTo(3);
    }

    @Test
    void attemptsAreNeverMoreThanTheCallMayMake() throws Exception {
        Llm once = guarded.builder()
                .holdfast(null)
                .resilience(guarded.engine.config().withMaxAttempts(1))
                .targets("sim/cut")
                .build();

        StreamEvent.Error error = Reading.all(once.stream(asking().build())).error();

        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(guarded.requests()).isEqualTo(1);
        once.engine().close();
    }

    @Test
    void insideAToolCallNothingIsContinued() throws Exception {
        LlmRequest request = asking().tool(new ToolDefinition("weather", "Tells the weather", TOOL))
                .build();

        for (String provider : List.of("sim/", "sim-anthropic/")) {
            guarded.simulator.reset();
            // Nothing of a half tool call was shown, so the attempt may be made anew; but never from its middle.
            Reading.all(guarded.llm(provider + "tool,cut,after=1").stream(request))
                    .error();
            assertThat(guarded.simulator.stats().attemptsPerCall().values()).containsExactly(3L);
        }
    }

    @Test
    void aTargetThatIsNotKnownToTakeABeginningIsNotAsked() throws Exception {
        MockProvider unknown = MockProvider.of(MockAnswer.cutAfter("Hel", "lo"), MockAnswer.text("again"));
        Llm llm = Llm.builder().provider(unknown).holdfast(guarded.engine).build();

        StreamEvent.Error error = Reading.all(llm.stream(asking().build())).error();

        assertThat(error.textSoFar()).isEqualTo("Hello");
        assertThat(unknown.calls()).isEqualTo(1);
        assertThat(Presets.all())
                .filteredOn(preset -> Prefill.of(preset) != Prefill.NONE)
                .extracting(preset -> preset.name())
                .containsExactly("anthropic", "vllm", "sim", "sim-anthropic");
    }

    @Test
    void anotherTargetThatTakesABeginningMayContinue() throws Exception {
        MockProvider broken = MockProvider.of(MockAnswer.cutAfter("anchor", " away "));
        Llm llm = Llm.builder().provider(broken).holdfast(guarded.engine).build();
        Llm both = guarded.builder().targets("sim/tokens=2").provider(broken).build();
        guarded.engine.forceOpen(both.target());
        assertThat(Reading.all(llm.stream("Hello")).error().textSoFar()).isEqualTo("anchor away ");
        Reading reading = Reading.first(1, both.stream(asking().build()));
        reading.awaitContent();
        guarded.engine.reset(both.target());

        reading.request(Long.MAX_VALUE);

        LlmResponse response = reading.response();
        assertThat(response.text())
                .isEqualTo("anchor away " + Simulator.textOf("tokens=2"))
                .isEqualTo(reading.text());
        assertThat(response.report().attempts())
                .extracting(attempt -> attempt.target().name())
                .containsExactly("mock/model", "sim/tokens=2");
    }

    @Test
    void theDeadlineHoldsAcrossTheSeam() throws Exception {
        LlmRequest request = asking().timeouts(RequestTimeouts.CONFIGURED.withDeadline(Duration.ofMillis(500)))
                .build();

        StreamEvent.Error error =
                Reading.all(guarded.llm("sim/ttft=300,cut").stream(request)).error();

        assertThat(error.textSoFar().split(" ")).hasSize(3);
        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
    }

    @Test
    void leavingDuringTheContinuationLeavesNothingBehind() throws Exception {
        Reading reading = Reading.all(guarded.llm("sim/ttft=100,cut").stream(asking().build()));
        reading.awaitContent();
        Guarded.await("it is being continued", () -> guarded.requests() == 2);

        reading.cancel();

        guarded.assertNothingIsLeft();
        assertThat(reading.over).isNotDone();
    }
}
