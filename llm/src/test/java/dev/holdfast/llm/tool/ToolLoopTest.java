// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallContext;
import dev.holdfast.CallException;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.RequestTimeouts;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.VirtualLlm;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.structured.StructuredAnswer;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop in virtual time: what runs, how often, and what the model is told. */
class ToolLoopTest {
    record Place(String city) {}

    record Weather(String city, int degrees) {}

    private static final String SCHEMA = """
            {"type":"object","properties":{"city":{"type":"string","minLength":2},"unit":{"enum":["C","F"]}},
             "required":["city"],"additionalProperties":false}""";
    private static final LlmRequest ASK = LlmRequest.of("Rain in London?");
    private static final String LONDON = "{\"city\":\"London\"}";

    private final List<String> ran = new ArrayList<>();
    private VirtualLlm virtual;

    @AfterEach
    void everythingIsBack() {
        if (virtual != null) {
            virtual.assertAllReturned();
        }
    }

    private VirtualLlm mock(MockAnswer... script) {
        virtual = new VirtualLlm(config -> config.withBackoff(Backoff.fixed(Duration.ofSeconds(2))), script);
        return virtual;
    }

    private Tool weather() {
        return Tool.of("weather", "Tells the weather", SCHEMA, input -> {
            ran.add(input.id());
            return "Sunny, 22C";
        });
    }

    private static Content.ToolCall call(String id, String name, String arguments) {
        return new Content.ToolCall(id, name, arguments);
    }

    private static String text(Content.ToolResult result) {
        return ((Content.Text) result.content().get(0)).text();
    }

    /** The results that the model was given in its n-th request. */
    private List<Content.ToolResult> told(int request) {
        List<Message> messages = virtual.mock.requests().get(request).messages();
        return messages.get(messages.size() - 1).content().stream()
                .map(Content.ToolResult.class::cast)
                .toList();
    }

    private Content.ToolResult onlyResult(Tool tool, String name, String arguments) throws Exception {
        VirtualLlm mock = mock(MockAnswer.toolCall(name, arguments), MockAnswer.text("Handled"));
        assertThat(mock.value(mock.llm.withTools(tool).complete(ASK)).text()).isEqualTo("Handled");
        assertThat(told(1)).hasSize(1);
        return told(1).get(0);
    }

    // The plain way.

    @Test
    void aToolIsRunAndItsResultGoesBackAndUsageIsSummed() throws Exception {
        VirtualLlm mock = mock(
                MockAnswer.toolCalls(call("call_123", "weather", LONDON)).withUsage(Usage.of(20, 15)),
                MockAnswer.text("It is sunny.").withUsage(Usage.of(30, 10)));

        ToolAnswer answer = mock.value(mock.llm.withTools(weather()).complete(ASK));

        assertThat(answer.text()).isEqualTo("It is sunny.");
        assertThat(answer.usage()).isEqualTo(Usage.of(50, 25));
        assertThat(ran).containsExactly("call_123");
        assertThat(answer.turns()).hasSize(2);
        assertThat(answer.turns().get(0).results()).isEqualTo(told(1));
        assertThat(answer.turns())
                .allSatisfy(turn -> assertThat(turn.response().report()).isNotNull());
        assertThat(told(1).get(0).toolCallId()).isEqualTo("call_123");
        assertThat(text(told(1).get(0))).isEqualTo("Sunny, 22C");
        assertThat(told(1).get(0).error()).isFalse();
    }

    @Test
    void theWholeSchemaGoesToTheModel() throws Exception {
        VirtualLlm mock = mock(MockAnswer.text("no need"));

        mock.value(mock.llm.withTools(weather()).complete(ASK));

        assertThat(mock.mock.requests().get(0).tools())
                .containsExactly(new ToolDefinition("weather", "Tells the weather", SCHEMA));
    }

    @Test
    void anAnswerWithoutToolsIsOneTurn() throws Exception {
        VirtualLlm mock = mock(MockAnswer.text("3 o'clock"));

        assertThat(mock.value(mock.llm.withTools(weather()).complete("Time?")).turns())
                .hasSize(1);

        assertThat(ran).isEmpty();
    }

    @Test
    void anAnswerThatAsksForToolsIsCarriedOutWhateverItsFinishReason() throws Exception {
        VirtualLlm mock =
                mock(MockAnswer.toolCall("weather", LONDON).withFinishReason(FinishReason.STOP), MockAnswer.text("ok"));

        mock.value(mock.llm.withTools(weather()).complete(ASK));

        assertThat(ran).hasSize(1);
    }

    @Test
    void aToolMayTakeARecordAndGiveOne() throws Exception {
        Tool tool = Tool.of("weather", "Tells it", Place.class, place -> new Weather(place.city(), 22));

        Content.ToolResult result = onlyResult(tool, "weather", LONDON);

        assertThat(text(result)).isEqualTo("{\"city\":\"London\",\"degrees\":22}");
        assertThat(tool.definition().parametersJson()).contains("\"city\"", "\"required\"");
    }

    @Test
    void theConversationGoesOnFromTheAnswer() throws Exception {
        VirtualLlm mock =
                mock(MockAnswer.toolCall("weather", LONDON), MockAnswer.text("sunny"), MockAnswer.text("yes"));
        ToolLoop loop = mock.llm.withTools(weather());

        ToolAnswer first = mock.value(loop.complete(ASK));
        ToolAnswer second = mock.value(loop.complete(first.conversation().withMessage(Message.user("Really?"))));

        assertThat(second.text()).isEqualTo("yes");
        assertThat(mock.mock.requests().get(2).messages())
                .extracting(Message::role)
                .containsExactly(
                        Message.Role.USER,
                        Message.Role.ASSISTANT,
                        Message.Role.TOOL,
                        Message.Role.ASSISTANT,
                        Message.Role.USER);
        assertThat(ASK.messages()).hasSize(1);
    }

    // Parallel calls.

    @Test
    void theToolsOfATurnRunAtOnceAndTheirResultsKeepTheOrderOfTheCalls() throws Exception {
        VirtualLlm mock = mock(
                MockAnswer.toolCalls(
                        call("a", "wait", "{\"s\":3}"), call("b", "wait", "{\"s\":1}"), call("c", "wait", "{\"s\":2}")),
                MockAnswer.text("done"));

        mock.value(mock.llm.withTools(waiting()).complete(ASK));

        assertThat(told(1)).extracting(Content.ToolResult::toolCallId).containsExactly("a", "b", "c");
        assertThat(told(1)).extracting(ToolLoopTest::text).containsExactly("3 s", "1 s", "2 s");
        assertThat(ran).containsExactly("b", "c", "a");
        assertThat(mock.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    /** Takes as many seconds as it is told. */
    private Tool waiting() {
        String schema = "{\"type\":\"object\",\"properties\":{\"s\":{\"type\":\"integer\"}},\"required\":[\"s\"]}";
        return Tool.async("wait", "Waits", schema, input -> {
            long seconds = Long.parseLong(input.argumentsJson().replaceAll("\\D", ""));
            CompletableFuture<Content.ToolResult> done = new CompletableFuture<>();
            var timer = virtual.holdfast.time.at(
                    virtual.holdfast.time.nanos() + Duration.ofSeconds(seconds).toNanos(), () -> {
                        ran.add(input.id());
                        done.complete(input.result(seconds + " s"));
                    });
            done.whenComplete((value, error) -> timer.cancel());
            return done;
        });
    }

    @Test
    void callsThatShareAnIdGetIdsOfTheirOwnAndTheSameCallTwiceIsOne() throws Exception {
        VirtualLlm mock = mock(
                MockAnswer.toolCalls(
                        call("x", "weather", LONDON),
                        call("x", "weather", LONDON),
                        call("x", "weather", "{\"city\":\"Rome\"}")),
                MockAnswer.text("done"));

        mock.value(mock.llm.withTools(weather()).complete(ASK));

        assertThat(ran).containsExactly("x", "x-2");
        assertThat(told(1)).extracting(Content.ToolResult::toolCallId).containsExactly("x", "x-2");
    }

    // What goes wrong in a tool is the model's to know.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{invalid json|not valid JSON",
                "''|not valid JSON",
                "[1]|not valid",
                "{}|required property 'city' not found",
                "{\"city\":\"x\"}|/city",
                "{\"city\":\"Rome\",\"unit\":\"K\"}|/unit",
                "{\"city\":\"Rome\",\"more\":1}|more",
            })
    void badArgumentsNeverReachTheToolAndTheModelIsToldWhatIsWrong(String arguments, String words) throws Exception {
        Content.ToolResult result = onlyResult(weather(), "weather", arguments);

        assertThat(result.error()).isTrue();
        assertThat(text(result)).contains(words);
        assertThat(ran).isEmpty();
    }

    @Test
    void anUnknownToolIsAnErrorThatNamesThoseThereAre() throws Exception {
        Content.ToolResult result = onlyResult(weather(), "nonexistent", "{}");

        assertThat(result.error()).isTrue();
        assertThat(text(result)).contains("no tool of this name", "weather");
    }

    @Test
    void aToolThatThrowsIsAnErrorForTheModel() throws Exception {
        Tool thrower = Tool.of("weather", "", SCHEMA, input -> {
            throw new IllegalStateException("no such station");
        });

        Content.ToolResult result = onlyResult(thrower, "weather", LONDON);

        assertThat(result.error()).isTrue();
        assertThat(text(result)).isEqualTo("the tool failed: IllegalStateException: no such station");
    }

    @Test
    void aStageThatFailsIsAnErrorForTheModelAndANullStageToo() throws Exception {
        Tool failing = Tool.async(
                "weather", "", SCHEMA, input -> CompletableFuture.failedFuture(new IllegalStateException("broken")));
        assertThat(text(onlyResult(failing, "weather", LONDON))).contains("broken");

        Tool none = Tool.async("weather", "", SCHEMA, input -> null);
        assertThat(onlyResult(none, "weather", LONDON).error()).isTrue();
    }

    @Test
    void aToolMaySayThatItFailedAndItsResultIsThatOfItsOwnCall() throws Exception {
        Tool modest = Tool.of("weather", "", SCHEMA, input -> Content.ToolResult.error("other-id", "station closed"));

        Content.ToolResult result = onlyResult(modest, "weather", LONDON);

        assertThat(result).isEqualTo(Content.ToolResult.error("call_1", "station closed"));
    }

    @Test
    void aToolThatTakesTooLongIsGivenUpAndCancelled() throws Exception {
        CompletableFuture<Content.ToolResult> never = new CompletableFuture<>();
        Tool hanging = Tool.async("weather", "", SCHEMA, input -> never).withTimeout(Duration.ofSeconds(5));

        Content.ToolResult result = onlyResult(hanging, "weather", LONDON);

        assertThat(result.error()).isTrue();
        assertThat(text(result)).contains("did not end within 5000 ms");
        assertThat(never).isCancelled();
        assertThat(virtual.elapsed()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theTimeOfTheLoopHoldsForToolsWithoutTheirOwn() throws Exception {
        VirtualLlm mock = mock(MockAnswer.toolCall("weather", LONDON), MockAnswer.text("ok"));
        Tool hanging = Tool.async("weather", "", SCHEMA, input -> new CompletableFuture<>());

        mock.value(mock.llm
                .withTools(hanging)
                .withToolTimeout(Duration.ofSeconds(7))
                .complete(ASK));

        assertThat(mock.elapsed()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void anErrorOfTheProgramEndsTheLoop() throws Exception {
        VirtualLlm mock = mock(
                MockAnswer.toolCalls(call("a", "broken", "{}"), call("b", "wait", "{\"s\":30}")),
                MockAnswer.text("ok"));
        Tool broken = Tool.of("broken", "", "{\"type\":\"object\"}", input -> {
            throw new AssertionError("a bug");
        });

        assertThat(mock.error(mock.llm.withTools(broken, waiting()).complete(ASK)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("a bug");

        assertThat(ran).as("the other tool was cancelled").isEmpty();
        assertThat(mock.mock.calls()).isEqualTo(1);
    }

    // Retries are inside one guarded call.

    @Test
    void aRetryOfAModelCallNeverRunsAToolAgain() throws Exception {
        VirtualLlm mock = mock(
                MockAnswer.error(Category.OVERLOADED),
                MockAnswer.toolCall("weather", LONDON),
                MockAnswer.error(Category.RATE_LIMIT),
                MockAnswer.error(Category.SERVER_ERROR),
                MockAnswer.text("sunny"));

        ToolAnswer answer = mock.value(mock.llm.withTools(weather()).complete(ASK));

        assertThat(ran).hasSize(1);
        assertThat(mock.mock.calls()).isEqualTo(5);
        assertThat(answer.turns().get(1).response().report().attempts()).hasSize(3);
        assertThat(mock.holdfast.events(CallEvent.CallStarted.class).stream()
                        .map(CallEvent.CallStarted::callId)
                        .distinct())
                .as("one id for all")
                .hasSize(1);
    }

    @Test
    void aModelCallThatFailsAfterAToolRanIsNeverRepeatedByALayerAround() throws Exception {
        VirtualLlm mock = mock(MockAnswer.toolCall("weather", LONDON), MockAnswer.error(Category.SERVER_ERROR));

        CallException failed = (CallException) mock.error(mock.holdfast.engine.call(
                Targets.named("node/a", "node/b"),
                attempt ->
                        mock.llm.within(attempt.context()).withTools(weather()).complete(ASK)));

        assertThat(ran).hasSize(1);
        assertThat(mock.mock.calls()).isEqualTo(1 + 3);
        assertThat(failed.category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(failed.scope()).isEqualTo(RetryScope.NEVER);
    }

    @Test
    void aLoopThatFailedGoesOnFromItsConversationWithoutRunningToolsAgain() throws Exception {
        VirtualLlm mock =
                mock(MockAnswer.toolCall("weather", LONDON), MockAnswer.error(Category.AUTH), MockAnswer.text("sunny"));
        ToolLoop loop = mock.llm.withTools(weather());

        ToolLoopException failed = (ToolLoopException) mock.error(loop.complete(ASK));
        mock.holdfast.engine.reset(mock.llm.target());
        ToolAnswer answer = mock.value(loop.complete(failed.conversation()));

        assertThat(failed.category()).isEqualTo(Category.AUTH);
        assertThat(failed).hasCauseInstanceOf(CallException.class);
        assertThat(failed.turns()).hasSize(1);
        assertThat(failed.usage()).isEqualTo(Usage.of(10, 10));
        assertThat(answer.text()).isEqualTo("sunny");
        assertThat(ran).hasSize(1);
    }

    @Test
    void aFailureBeforeAnyToolKeepsItsScope() throws Exception {
        VirtualLlm mock = mock(MockAnswer.error(Category.AUTH));

        ToolLoopException failed =
                (ToolLoopException) mock.error(mock.llm.withTools(weather()).complete(ASK));

        assertThat(failed.scope()).isEqualTo(RetryScope.OTHER_TARGET);
        assertThat(failed.turns()).isEmpty();
    }

    // Limits.

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void noAnswerWithinTheTurnsIsATypedErrorAndTheLastToolsDoNotRun(int turns) throws Exception {
        VirtualLlm mock = mock(MockAnswer.toolCall("weather", LONDON));

        ToolLoopException failed = (ToolLoopException)
                mock.error(mock.llm.withTools(weather()).withMaxTurns(turns).complete(ASK));

        assertThat(failed).isInstanceOf(ToolTurnLimitException.class);
        assertThat(failed.category()).isEqualTo(Category.INVALID_OUTPUT);
        assertThat(failed.turns()).hasSize(turns);
        assertThat(failed.usage()).isEqualTo(Usage.of(10L * turns, 10L * turns));
        assertThat(mock.mock.calls()).isEqualTo(turns);
        assertThat(ran).hasSize(turns - 1);
        assertThat(failed.conversation().messages()).hasSize(1 + 2 * (turns - 1));
        assertThat(failed.getMessage()).doesNotContain("London");
    }

    @Test
    void theUsualLimitIsTenTurns() throws Exception {
        VirtualLlm mock = mock(MockAnswer.toolCall("weather", LONDON));

        mock.error(mock.llm.withTools(weather()).complete(ASK));

        assertThat(mock.mock.calls()).isEqualTo(10);
    }

    @Test
    void anAnswerThatWasCutRunsNoTool() throws Exception {
        VirtualLlm mock = mock(MockAnswer.toolCall("weather", LONDON).withFinishReason(FinishReason.LENGTH));

        ToolLoopException failed =
                (ToolLoopException) mock.error(mock.llm.withTools(weather()).complete(ASK));

        assertThat(failed.failure().rule()).isEqualTo("tools.cut");
        assertThat(ran).isEmpty();
    }

    @Test
    void oneDeadlineIsOverModelCallsAndTools() throws Exception {
        VirtualLlm mock = mock(MockAnswer.toolCall("wait", "{\"s\":4}").after(Duration.ofSeconds(4)));
        LlmRequest request = ASK.withTimeouts(RequestTimeouts.CONFIGURED.withDeadline(Duration.ofSeconds(10)));

        ToolLoopException inACall =
                (ToolLoopException) mock.error(mock.llm.withTools(waiting()).complete(request));

        assertThat(inACall.category()).isEqualTo(Category.TIMEOUT);
        assertThat(inACall).hasCauseInstanceOf(CallException.class);
        assertThat(mock.elapsed()).isEqualTo(Duration.ofSeconds(10));
        assertThat(mock.mock.calls()).isEqualTo(2);
        mock.assertAllReturned();

        VirtualLlm slow = mock(MockAnswer.toolCall("wait", "{\"s\":40}"));
        ToolLoopException inATool =
                (ToolLoopException) slow.error(slow.llm.withTools(waiting()).complete(request));
        assertThat(inATool.failure().rule()).isEqualTo("tools.deadline");
        assertThat(slow.elapsed()).isEqualTo(Duration.ofSeconds(10));
        assertThat(slow.mock.calls()).isEqualTo(1);
        assertThat(inATool.conversation().messages()).hasSize(3);
    }

    @Test
    void aToolGetsTheContextOfItsLoopForCallsOfItsOwn() throws Exception {
        List<CallContext> seen = new ArrayList<>();
        VirtualLlm mock = mock(MockAnswer.toolCall("ask", "{}"), MockAnswer.text("inner"), MockAnswer.text("outer"));
        Tool asking = Tool.async("ask", "", "{\"type\":\"object\"}", input -> {
                    seen.add(input.context());
                    return virtual.llm
                            .within(input.context())
                            .complete("inner?")
                            .thenApply(inner -> input.result(inner.text()));
                })
                .withTimeout(Duration.ofSeconds(5));
        LlmRequest request = ASK.withTimeouts(RequestTimeouts.CONFIGURED.withDeadline(Duration.ofSeconds(30)));

        assertThat(mock.value(mock.llm.withTools(asking).complete(request)).text())
                .isEqualTo("outer");

        assertThat(mock.holdfast.events(CallEvent.CallStarted.class)).hasSize(3).allSatisfy(event -> assertThat(
                        event.callId())
                .isEqualTo(seen.get(0).callId()));
        assertThat(seen.get(0).deadline().atNanos())
                .isEqualTo(Duration.ofSeconds(5).toNanos());
    }

    // Leaving.

    @Test
    void cancellingEndsTheRunningModelCall() {
        VirtualLlm mock = mock(MockAnswer.toolCall("weather", LONDON).after(Duration.ofSeconds(10)));

        CompletableFuture<ToolAnswer> call = mock.llm.withTools(weather()).complete(ASK);
        mock.holdfast.time.advance(Duration.ofSeconds(1));
        call.cancel(true);
        mock.holdfast.run();

        assertThat(ran).isEmpty();
        assertThat(mock.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void cancellingEndsTheRunningToolsAndNothingFollows() {
        VirtualLlm mock = mock(MockAnswer.toolCalls(call("a", "wait", "{\"s\":3}"), call("b", "wait", "{\"s\":9}")));

        CompletableFuture<ToolAnswer> call = mock.llm.withTools(waiting()).complete(ASK);
        mock.holdfast.time.advance(Duration.ofSeconds(4));
        call.cancel(true);
        mock.holdfast.run();

        assertThat(ran).containsExactly("a");
        assertThat(mock.mock.calls()).isEqualTo(1);
        assertThat(mock.elapsed()).isEqualTo(Duration.ofSeconds(4));
    }

    // What is asked for.

    @Test
    void insistingOnAToolHoldsForTheFirstTurnOnly() throws Exception {
        VirtualLlm mock = mock(MockAnswer.toolCall("weather", LONDON), MockAnswer.text("ok"));
        LlmRequest request = ASK.toBuilder().toolChoice(ToolChoice.REQUIRED).build();

        ToolAnswer answer = mock.value(mock.llm.withTools(weather()).complete(request));

        assertThat(mock.mock.requests()).extracting(LlmRequest::toolChoice).containsExactly(ToolChoice.REQUIRED, null);
        assertThat(answer.conversation().toolChoice()).isEqualTo(ToolChoice.REQUIRED);
    }

    @Test
    void anObjectInTheEndIsAskedForAgainWithoutRunningToolsAgain() throws Exception {
        VirtualLlm mock = mock(
                MockAnswer.toolCall("weather", LONDON),
                MockAnswer.text("It is 22 degrees."),
                MockAnswer.text("{\"city\":\"London\",\"degrees\":22}"));

        StructuredAnswer<Weather> answer =
                mock.value(mock.llm.withTools(weather()).complete(ASK, Weather.class));

        assertThat(answer.value()).isEqualTo(new Weather("London", 22));
        assertThat(answer.usage()).isEqualTo(Usage.of(30, 30));
        assertThat(ran).hasSize(1);
        assertThat(mock.mock.requests().get(2).messages()).hasSize(5);
    }

    @Test
    void insistingOnAToolDoesNotHoldForAnObjectThatIsAskedForAgain() throws Exception {
        VirtualLlm mock = mock(
                MockAnswer.toolCall("weather", LONDON),
                MockAnswer.text("22 degrees"),
                MockAnswer.text("{\"city\":\"London\",\"degrees\":22}"));
        LlmRequest request = ASK.toBuilder().toolChoice(ToolChoice.REQUIRED).build();

        mock.value(mock.llm.withTools(weather()).complete(request, Weather.class));

        assertThat(mock.mock.requests())
                .extracting(LlmRequest::toolChoice)
                .containsExactly(ToolChoice.REQUIRED, null, null);
    }

    @Test
    void whatCannotWorkIsRefusedAtOnce() {
        VirtualLlm mock = mock(MockAnswer.text("x"));
        LlmRequest foreign = ASK.toBuilder()
                .tool(new ToolDefinition("search", "", "{\"type\":\"object\"}"))
                .build();

        assertThatThrownBy(() -> mock.llm.withTools()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mock.llm.withTools(weather(), weather())).hasMessageContaining("two tools are named");
        assertThatThrownBy(() -> mock.llm.withTools(weather()).withMaxTurns(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mock.llm.withTools(weather()).complete(foreign))
                .hasMessageContaining("search");
        assertThatThrownBy(() -> Tool.of("bad", "", "{\"type\":7}", input -> ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
