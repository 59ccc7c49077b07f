// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallException;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.Guarded;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Reading;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.VirtualLlm;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop as a stream: one stream over all turns, with one end. */
@Timeout(120)
class ToolLoopStreamTest {
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}";
    private static final MockAnswer CALL = MockAnswer.toolCall("weather", "{\"city\":\"London\"}");

    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    private VirtualLlm virtual;

    @AfterEach
    void everythingIsBack() {
        if (virtual != null) {
            virtual.assertAllReturned();
        }
    }

    private ToolLoop loop(MockAnswer... script) {
        virtual = new VirtualLlm(script);
        return virtual.llm.withTools(weather());
    }

    private Tool weather() {
        return Tool.of("weather", "", SCHEMA, input -> {
            ran.add(input.id());
            return "rain";
        });
    }

    private Reading read(ToolLoop loop) {
        Reading reading = Reading.all(loop.stream("Rain?"));
        virtual.holdfast.run();
        return reading;
    }

    @Test
    void theTurnsFollowEachOtherInOneStream() throws Exception {
        Reading reading = read(loop(CALL, MockAnswer.text("It ", "rains.")));

        LlmResponse response = reading.response();
        assertThat(reading.events.stream().map(event -> event.getClass().getSimpleName()))
                .containsExactly(
                        "ToolCallComplete",
                        "UsageUpdate",
                        "TextDelta",
                        "TextDelta",
                        "TextEnd",
                        "UsageUpdate",
                        "Finish");
        assertThat(reading.text()).isEqualTo("It rains.");
        assertThat(response.text()).isEqualTo("It rains.");
        assertThat(response.usage()).isEqualTo(Usage.of(20, 20));
        assertThat(reading.events.get(5)).isEqualTo(new StreamEvent.UsageUpdate(Usage.of(20, 20)));
        assertThat(ran).hasSize(1);
    }

    @Test
    void retriesBeforeContentRunNoToolAgain() throws Exception {
        Reading reading = read(loop(
                MockAnswer.error(Category.OVERLOADED),
                CALL,
                MockAnswer.error(Category.OVERLOADED),
                MockAnswer.text("ok")));

        assertThat(reading.response().text()).isEqualTo("ok");
        assertThat(ran).hasSize(1);
        assertThat(virtual.mock.calls()).isEqualTo(4);
    }

    @Test
    void aTurnThatIsCutEndsTheStreamWithItsTextAndIsNotRepeated() throws Exception {
        Reading reading = read(loop(CALL, MockAnswer.cutAfter("It ra")));

        StreamEvent.Error error = reading.error();
        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error.failure().scope()).isEqualTo(RetryScope.NEVER);
        assertThat(error.textSoFar()).isEqualTo("It ra");
        assertThat(virtual.mock.calls()).isEqualTo(2);
        assertThat(ran).hasSize(1);
    }

    @Test
    void aTurnThatFailsForGoodEndsTheStreamWithItsReason() throws Exception {
        Reading reading = read(loop(CALL, MockAnswer.error(Category.SERVER_ERROR)));

        StreamEvent.Error error = reading.error();
        assertThat(error.failure().category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(error.failure().cause()).hasCauseInstanceOf(CallException.class);
        assertThat(virtual.mock.calls()).isEqualTo(1 + 3);
    }

    @Test
    void tooManyTurnsAreAnErrorThatKnowsTheConversation() throws Exception {
        Reading reading = read(loop(CALL).withMaxTurns(2));

        StreamEvent.Error error = reading.error();
        assertThat(error.failure().rule()).isEqualTo("tools.turn_limit");
        assertThat(error.failure().cause()).isInstanceOfSatisfying(ToolLoopException.class, e -> assertThat(
                        e.conversation().messages())
                .hasSize(3));
        assertThat(error.report().attempts()).hasSize(1);
    }

    @Test
    void nothingIsReadThatIsNotAskedFor() throws Exception {
        ToolLoop loop = loop(CALL, MockAnswer.text("a", "b", "c"));
        Reading reading = Reading.first(0, loop.stream("Rain?"));
        virtual.holdfast.time.advance(Duration.ofMillis(1));
        assertThat(reading.events).isEmpty();
        assertThat(ran).isEmpty();

        for (int i = 1; i <= 8; i++) {
            assertThat(reading.events).hasSize(i - 1);
            reading.request(1);
            virtual.holdfast.time.advance(Duration.ofMillis(1));
        }

        assertThat(reading.response().text()).isEqualTo("abc");
    }

    @Test
    void leavingDuringATurnOrAToolEndsIt() {
        ToolLoop slow = loop(MockAnswer.text("a", "b").withPause(Duration.ofSeconds(9)));
        Reading reading = Reading.all(slow.stream("Rain?"));
        virtual.holdfast.time.advance(Duration.ofSeconds(1));
        reading.cancel();
        virtual.holdfast.run();
        assertThat(virtual.elapsed()).isEqualTo(Duration.ofSeconds(1));
        virtual.assertAllReturned();

        loop(CALL);
        CompletableFuture<Content.ToolResult> never = new CompletableFuture<>();
        Reading inATool =
                Reading.all(virtual.llm.withTools(Tool.async("weather", "", SCHEMA, input -> never)).stream("Rain?"));
        virtual.holdfast.time.advance(Duration.ofSeconds(1));
        inATool.cancel();
        virtual.holdfast.run();
        assertThat(never).isCancelled();
        assertThat(virtual.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void twoSubscriptionsAreTwoLoops() {
        ToolLoop loop = loop(CALL, MockAnswer.text("x"), CALL, MockAnswer.text("y"));
        var stream = loop.stream("Rain?");

        assertThat(Reading.all(stream).text()).isEqualTo("x");
        assertThat(Reading.all(stream).text()).isEqualTo("y");

        assertThat(ran).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim", "sim-anthropic"})
    void overSocketsItIsTheSame(String provider) throws Exception {
        try (Guarded guarded = new Guarded()) {
            Reading reading = Reading.all(guarded.llm(provider + "/fail=1,tool").withTools(weather()).stream("Rain?"));

            assertThat(reading.response().text()).isEqualTo(Simulator.textOf("sim/fail=1,tool"));
            assertThat(reading.text()).isEqualTo(Simulator.textOf("sim/fail=1,tool"));
            assertThat(ran).hasSize(1);
            assertThat(guarded.requests()).isEqualTo(3);
        }
    }

    @Test
    void aThreadThatWaitsReadsItToo() {
        ToolLoop loop = loop(CALL, MockAnswer.text("It ", "rains."));
        StringBuilder text = new StringBuilder();

        try (var events = loop.blocking().stream("Rain?")) {
            for (StreamEvent event : events) {
                if (event instanceof StreamEvent.TextDelta delta) {
                    text.append(delta.text());
                }
            }
        }

        assertThat(text).hasToString("It rains.");
    }
}
