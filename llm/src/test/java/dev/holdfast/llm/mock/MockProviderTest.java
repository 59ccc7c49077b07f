// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.mock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.AttemptReport;
import dev.holdfast.CallException;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.Reading;
import dev.holdfast.llm.RequestTimeouts;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.ToolChoice;
import dev.holdfast.llm.ToolDefinition;
import dev.holdfast.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class MockProviderTest {
    private final VirtualHoldfast virtual =
            new VirtualHoldfast(config -> config.withBackoff(Backoff.fixed(Duration.ofSeconds(2))));

    private MockProvider.Builder mock() {
        return MockProvider.builder().time(virtual.time, virtual.time, virtual.time);
    }

    private Llm guard(MockProvider... mocks) {
        Llm.Builder builder = Llm.builder().holdfast(virtual.engine);
        for (MockProvider mock : mocks) {
            builder.provider(mock);
        }
        return builder.build();
    }

    private static Throwable error(CompletableFuture<?> future) {
        return future.handle((value, error) -> error).join();
    }

    // The script.

    @Test
    void theScriptIsPlayedInOrderAndItsLastAnswerRepeats() {
        MockProvider mock = MockProvider.of(MockAnswer.text("one"), MockAnswer.text("two"));

        List<String> answers = IntStream.range(0, 4)
                .mapToObj(i -> mock.complete("ask " + i).join().text())
                .toList();

        assertThat(answers).containsExactly("one", "two", "two", "two");
        assertThat(mock.calls()).isEqualTo(4);
        assertThat(mock.requests()).hasSize(4).contains(LlmRequest.of("ask 3"));
    }

    @Test
    void aRawErrorIsTypedAndNotRepeated() {
        MockProvider mock = MockProvider.of(MockAnswer.error(Category.RATE_LIMIT, Duration.ofSeconds(7)));

        ProviderException error = (ProviderException) error(mock.complete("Hello"));

        assertThat(error.failure().category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(error.failure().hint()).isEqualTo(Duration.ofSeconds(7));
        assertThat(mock.calls()).isEqualTo(1);
    }

    @Test
    void anAnswerOfNothingIsAnEmptyResponse() throws Exception {
        MockProvider mock = MockProvider.of(MockAnswer.text());

        assertThat(((ProviderException) error(mock.complete("Hello"))).failure().category())
                .isEqualTo(Category.EMPTY_RESPONSE);
        assertThat(Reading.all(mock.stream("Hello")).error().failure().category())
                .isEqualTo(Category.EMPTY_RESPONSE);
    }

    @Test
    void aStreamTellsItsChunksOneByOne() throws Exception {
        MockProvider mock = MockProvider.of(MockAnswer.text("Hel", "lo"));

        Reading reading = Reading.all(mock.stream("Hello"));

        assertThat(reading.response().text()).isEqualTo("Hello");
        assertThat(reading.events)
                .startsWith(
                        new StreamEvent.TextDelta("Hel"),
                        new StreamEvent.TextDelta("lo"),
                        new StreamEvent.TextEnd("Hello"));
    }

    @Test
    void aToolCallIsACallInBothForms() throws Exception {
        MockProvider mock = MockProvider.of(MockAnswer.toolCall("search", "{\"q\":\"x\"}"));

        LlmResponse whole = mock.complete("Hello").join();
        LlmResponse streamed = Reading.all(mock.stream("Hello")).response();

        assertThat(whole.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(whole.toolCalls()).isEqualTo(streamed.toolCalls()).hasSize(1);
    }

    @Test
    void severalToolCallsOfOneTurnAndACutTextComeInBothForms() throws Exception {
        Content.ToolCall one = new Content.ToolCall("a", "weather", "{}");
        Content.ToolCall two = new Content.ToolCall("b", "time", "{}");
        MockProvider mock = MockProvider.of(
                MockAnswer.toolCalls(one, two),
                MockAnswer.toolCalls(one, two),
                MockAnswer.truncated("{\"a\":", "[1"),
                MockAnswer.truncated("{\"a\":", "[1"));

        LlmResponse whole = mock.complete("ask").join();
        LlmResponse streamed = Reading.all(mock.stream("ask")).response();
        LlmResponse cut = mock.complete("ask").join();
        LlmResponse streamedCut = Reading.all(mock.stream("ask")).response();

        assertThat(whole.toolCalls()).containsExactly(one, two);
        assertThat(streamed.toolCalls()).containsExactly(one, two);
        assertThat(cut.text()).isEqualTo("{\"a\":[1").isEqualTo(streamedCut.text());
        assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH).isEqualTo(streamedCut.finishReason());
    }

    @Test
    void aFunctionOfTheRequestAnswersInPlaceOfAScript() {
        MockProvider mock = mock().answering(
                        request -> MockAnswer.text(request.messages().size() + " messages"))
                .build();

        assertThat(mock.complete("one").join().text()).isEqualTo("1 messages");
        assertThat(mock.calls()).isEqualTo(1);
    }

    @Test
    void manyThreadsShareOneScriptWithoutLosingACall() throws Exception {
        MockProvider mock = MockProvider.of(MockAnswer.text("x"));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> IntStream.range(0, 500).forEach(n -> mock.complete("Hello")));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(mock.calls()).isEqualTo(4000);
    }

    // Guarded, in virtual time.

    @Test
    void retriesWaitInVirtualTime() {
        MockProvider mock = mock().answers(
                        MockAnswer.error(Category.SERVER_ERROR),
                        MockAnswer.error(Category.RATE_LIMIT, Duration.ofSeconds(30)),
                        MockAnswer.text("at last").after(Duration.ofSeconds(5)))
                .build();

        CompletableFuture<LlmResponse> answer = guard(mock).complete("Hello");
        virtual.run();

        assertThat(answer.join().text()).isEqualTo("at last");
        assertThat(answer.join().report().attempts()).hasSize(3);
        assertThat(Duration.ofNanos(virtual.time.nanos())).isBetween(Duration.ofSeconds(37), Duration.ofSeconds(41));
        virtual.assertAllReturned();
    }

    @Test
    void aSilentModelIsLeftAtTheTimeoutForTheNext() {
        MockProvider silent =
                mock().name("mock/silent").answers(MockAnswer.silence()).build();
        MockProvider well =
                mock().name("mock/well").answers(MockAnswer.text("here")).build();
        LlmRequest request =
                LlmRequest.of("Hello").withTimeouts(RequestTimeouts.CONFIGURED.withFirstContent(Duration.ofSeconds(3)));

        Reading reading = Reading.all(guard(silent, well).stream(request));
        virtual.run();

        assertThat(reading.text()).isEqualTo("here");
        assertThat(((StreamEvent.Finish) reading.events.get(reading.events.size() - 1))
                        .response()
                        .report()
                        .attempts())
                .extracting(AttemptReport::elapsed)
                .startsWith(Duration.ofSeconds(3));
        virtual.assertAllReturned();
    }

    @Test
    void aCutAfterContentIsNotRepeated() throws Exception {
        MockProvider mock = mock().answers(MockAnswer.cutAfter("so ", "far"), MockAnswer.text("again"))
                .build();

        Reading reading = Reading.all(guard(mock).stream("Hello"));
        virtual.run();

        StreamEvent.Error error = reading.error();
        assertThat(error.failure().category()).isEqualTo(Category.STREAM_INTERRUPTED);
        assertThat(error.textSoFar()).isEqualTo("so far");
        assertThat(mock.calls()).isEqualTo(1);
        virtual.assertAllReturned();
    }

    @Test
    void aPauseLongerThanIdleEndsAStreamWithTheTextSoFar() throws Exception {
        MockProvider mock = mock().answers(MockAnswer.text("one", "two").withPause(Duration.ofSeconds(9)))
                .build();
        LlmRequest request =
                LlmRequest.of("Hello").withTimeouts(RequestTimeouts.CONFIGURED.withIdle(Duration.ofSeconds(4)));

        Reading reading = Reading.all(guard(mock).stream(request));
        virtual.run();

        assertThat(reading.error().failure().category()).isEqualTo(Category.TIMEOUT);
        assertThat(reading.error().textSoFar()).isEqualTo("one");
        virtual.assertAllReturned();
    }

    @Test
    void leavingTakesTheTimerAlong() {
        MockProvider mock = mock().answers(MockAnswer.text("one", "two").withPause(Duration.ofSeconds(9)))
                .build();
        Reading reading = Reading.all(guard(mock).stream("Hello"));

        reading.cancel();

        assertThat(virtual.time.pending()).isZero();
        virtual.assertAllReturned();
    }

    @Test
    void cancellingAnAnswerTakesTheTimerAlong() {
        MockProvider mock = mock().answers(MockAnswer.text("late").after(Duration.ofSeconds(9)))
                .build();

        guard(mock).complete("Hello").cancel(true);

        assertThat(virtual.time.pending()).isZero();
        virtual.assertAllReturned();
    }

    // How providers and the guard work together: the reference's cases 29 to 31 and 38 of its provider integration.

    @Test
    void aRateLimitedProviderIsAskedAgainAfterOneWait() {
        MockProvider mock = mock().answers(MockAnswer.error(Category.RATE_LIMIT), MockAnswer.text("Generated response"))
                .build();

        CompletableFuture<LlmResponse> answer = guard(mock).complete("Test prompt");
        virtual.run();

        assertThat(answer.join().text()).isEqualTo("Generated response");
        assertThat(mock.calls()).isEqualTo(2);
        assertThat(virtual.events(CallEvent.RetryScheduled.class)).hasSize(1);
        assertThat(virtual.events(CallEvent.RetrySucceeded.class)).hasSize(1);
    }

    @Test
    void aWrongKeyIsNotTriedAgain() {
        MockProvider mock = mock().answers(MockAnswer.error(Category.AUTH)).build();

        CallException error = (CallException) error(guard(mock).complete("Hello"));

        assertThat(error.category()).isEqualTo(Category.AUTH);
        assertThat(error.scope()).isEqualTo(RetryScope.OTHER_TARGET);
        assertThat(mock.calls()).isEqualTo(1);
    }

    @Test
    void twoRateLimitsInARowAreTwoRetries() {
        MockProvider mock = mock().answers(
                        MockAnswer.error(Category.RATE_LIMIT),
                        MockAnswer.error(Category.RATE_LIMIT),
                        MockAnswer.text("Success after rate limit"))
                .build();

        CompletableFuture<LlmResponse> answer = guard(mock).complete("Hello");
        virtual.run();

        assertThat(answer.join().text()).isEqualTo("Success after rate limit");
        assertThat(mock.calls()).isEqualTo(3);
        assertThat(virtual.events(CallEvent.RetryScheduled.class)).hasSize(2);
    }

    // Derived from the request.

    private static final String PERSON = """
            {"type":"object","required":["name","age"],"properties":{
              "name":{"type":"string","minLength":6},"age":{"type":"integer","minimum":18},
              "kind":{"enum":["b","a"]},"tags":{"type":"array","minItems":2,"items":{"$ref":"#/$defs/tag"}}},
             "$defs":{"tag":{"type":"string","format":"date"}}}""";

    @Test
    void aSchemaIsAnsweredByAnObjectThatFits() {
        MockProvider mock = MockProvider.of();
        LlmRequest request = LlmRequest.of("Who?").withResponseFormat(ResponseFormat.jsonSchema("person", PERSON));

        String text = mock.complete(request).join().text();

        assertThat(text)
                .isEqualTo("{\"name\":\"textxx\",\"age\":18,\"kind\":\"b\",\"tags\":[\"2024-01-01\",\"2024-01-01\"]}")
                .isEqualTo(mock.complete(request).join().text());
    }

    @Test
    void aToolIsAskedForUntilItsResultIsThere() {
        MockProvider mock = MockProvider.of();
        LlmRequest request = LlmRequest.builder()
                .user("Find it")
                .tool(new ToolDefinition("look", "looks", "{}"))
                .tool(new ToolDefinition("person", "finds", PERSON))
                .toolChoice(ToolChoice.tool("person"))
                .build();

        LlmResponse first = mock.complete(request).join();
        LlmResponse second = mock.complete(request.withMessage(first.toMessage())
                        .withMessage(Message.tool(new Content.ToolResult(
                                first.toolCalls().get(0).id(), List.of(new Content.Text("found")), false))))
                .join();

        assertThat(first.toolCalls()).extracting(Content.ToolCall::name).containsExactly("person");
        assertThat(first.toolCalls().get(0).argumentsJson()).contains("\"age\":18");
        assertThat(second.toolCalls()).isEmpty();
        assertThat(second.text()).isNotEmpty();
    }

    @Test
    void withoutSchemaAndToolsTheLastWordsComeBack() {
        assertThat(MockProvider.of().complete("Hello").join().text()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"boolean\"} | true",
                "{\"type\":[\"null\",\"string\"]} | null",
                "{\"const\":5} | 5",
                "{\"type\":\"number\",\"exclusiveMinimum\":3} | 3.5",
                "{\"type\":\"integer\",\"maximum\":-4} | -4",
                "{\"anyOf\":[{\"type\":\"string\",\"maxLength\":2},{\"type\":\"null\"}]} | \"te\"",
                "{\"$ref\":\"#\"} | {}",
                "{} | {}"
            })
    void aSampleFitsItsSchema(String schema, String sample) {
        LlmRequest request = LlmRequest.of("x").withResponseFormat(ResponseFormat.jsonSchema("s", schema));

        assertThat(MockProvider.of().complete(request).join().text()).isEqualTo(sample);
    }
}
