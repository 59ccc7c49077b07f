// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.CallException;
import dev.holdfast.CallRejectedException;
import dev.holdfast.circuit.CircuitState;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.Content;
import dev.holdfast.llm.FinishReason;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.RequestTimeouts;
import dev.holdfast.llm.ResponseFormat;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.VirtualLlm;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects from models that do not always give them, in virtual time. */
class StructuredOutputTest {
    record Simple(String message, int count) {}

    record Positive(int amount) {
        Positive {
            if (amount <= 0) {
                throw new IllegalArgumentException("amount must be positive");
            }
        }
    }

    record Shopping(List<String> items) {}

    private static final String VALID = "{\"message\":\"hello\",\"count\":5}";
    private static final String MISSING = "{\"message\":\"hello\"}";
    private static final LlmRequest ASK = LlmRequest.of("How many?");

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

    private static MockAnswer[] texts(String... texts) {
        return Arrays.stream(texts).map(MockAnswer::text).toArray(MockAnswer[]::new);
    }

    private InvalidOutputException invalid(CompletableFuture<?> call) throws Exception {
        return (InvalidOutputException) virtual.error(call);
    }

    private String lastMessage(int request) {
        List<Message> messages = virtual.mock.requests().get(request).messages();
        return messages.get(messages.size() - 1).content().stream()
                .map(part -> ((Content.Text) part).text())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aValidAnswerBecomesTheObject() throws Exception {
        VirtualLlm mock = mock(texts(VALID));

        StructuredAnswer<Simple> answer = mock.value(mock.llm.complete(ASK, Simple.class));

        assertThat(answer.value()).isEqualTo(new Simple("hello", 5));
        assertThat(answer.attempts()).hasSize(1);
        assertThat(answer.response().report()).isNotNull();
        assertThat(answer.usage()).isEqualTo(Usage.of(10, 10));
        assertThat(answer.toString()).doesNotContain("hello");
    }

    @Test
    void theSchemaOfTheRecordIsTheResponseFormat() throws Exception {
        VirtualLlm mock = mock(MockAnswer.derivedFromRequest());

        StructuredAnswer<Simple> answer = mock.value(mock.llm.complete("How many?", Simple.class));

        assertThat(answer.value().message()).isNotEmpty();
        assertThat(mock.mock.requests().get(0).responseFormat())
                .isInstanceOfSatisfying(ResponseFormat.JsonSchema.class, format -> {
                    assertThat(format.name()).isEqualTo("Simple");
                    assertThat(format.strict()).isTrue();
                    assertThat(format.schemaJson()).contains("\"message\"", "\"count\"", "\"required\"");
                });
    }

    @Test
    void inWordsTheSchemaStandsInTheSystemPromptAndThereIsNoFormat() throws Exception {
        VirtualLlm mock = mock(texts("Sure!\n```json\n" + VALID + "\n```"));
        StructuredConfig inWords = StructuredConfig.DEFAULTS.withMode(StructuredConfig.Mode.PROMPTED);
        LlmRequest request =
                LlmRequest.builder().system("Be brief.").user("How many?").build();

        StructuredAnswer<Simple> answer =
                mock.value(mock.llm.structured(inWords).complete(request, Simple.class));

        assertThat(answer.value().count()).isEqualTo(5);
        LlmRequest asked = mock.mock.requests().get(0);
        assertThat(asked.responseFormat()).isEqualTo(ResponseFormat.TEXT);
        assertThat(asked.system()).startsWith("Be brief.\n\n").contains("\"count\"");
        assertThat(request.system()).isEqualTo("Be brief.");
    }

    @Test
    void anInvalidAnswerGoesBackWithWhatIsWrongWithIt() throws Exception {
        VirtualLlm mock = mock(texts("no JSON at all", MISSING, VALID));

        StructuredAnswer<Simple> answer = mock.value(mock.llm.complete(ASK, Simple.class));

        assertThat(answer.value().count()).isEqualTo(5);
        assertThat(answer.usage()).isEqualTo(Usage.of(30, 30));
        assertThat(mock.mock.requests())
                .extracting(request -> request.messages().size())
                .containsExactly(1, 3, 5);
        assertThat(mock.mock.requests().get(2).messages().get(3)).isEqualTo(Message.assistant(MISSING));
        assertThat(lastMessage(1)).contains("Cannot parse JSON");
        assertThat(lastMessage(2))
                .contains(
                        "validation errors",
                        "ERRORS:",
                        "required property 'count' not found",
                        "EXPECTED SCHEMA: Simple")
                .contains("Fix", "valid JSON");
        assertThat(ASK.messages()).hasSize(1);
    }

    @Test
    void attemptsAreLimitedAndTheFailureSaysWhatWasWrongAndNoWordOfTheAnswer() throws Exception {
        VirtualLlm mock = mock(texts("{\"message\":\"top secret\"}"));

        InvalidOutputException failed = invalid(mock.llm.complete(ASK, Simple.class));

        assertThat(mock.mock.calls()).isEqualTo(3);
        assertThat(failed.category()).isEqualTo(Category.INVALID_OUTPUT);
        assertThat(failed.failure().scope()).isEqualTo(RetryScope.OTHER_TARGET);
        assertThat(failed).hasMessage("invalid_output: no valid Simple: required after 3 attempts");
        assertThat(failed.problems()).extracting(SchemaProblem::rule).containsExactly("required");
        assertThat(failed.response().text()).contains("top secret");
        assertThat(failed.attempts()).hasSize(3);
        assertThat(failed.usage()).isEqualTo(Usage.of(30, 30));
        assertThat(failed + failed.attempts().toString() + failed.failure()).doesNotContain("top secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theLimitCountsTheFirstAttemptToo(int limit) throws Exception {
        VirtualLlm mock = mock(texts(MISSING));
        StructuredConfig config = StructuredConfig.DEFAULTS.withMaxAttempts(limit);

        invalid(mock.llm.structured(config).complete(ASK, Simple.class));

        assertThat(mock.mock.calls()).isEqualTo(limit);
    }

    @Test
    void aConfigurationThatCannotBeIsRefused() {
        assertThat(StructuredConfig.DEFAULTS.maxAttempts()).isEqualTo(3);
        assertThatThrownBy(() -> StructuredConfig.DEFAULTS.withMaxAttempts(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxAttempts must be at least 1");
        assertThatThrownBy(() -> StructuredConfig.DEFAULTS.withMaxTokensLimit(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTypeThatRefusesTheValueIsHeard() throws Exception {
        VirtualLlm mock = mock(texts("{\"amount\":-1}", "{\"amount\":1}"));

        assertThat(mock.value(mock.llm.complete(ASK, Positive.class)).value()).isEqualTo(new Positive(1));

        assertThat(lastMessage(1)).contains("amount must be positive");
    }

    @Test
    void aRefusalInProseIsNoObjectEvenIfEveryPropertyIsOptional() throws Exception {
        VirtualLlm mock = mock(texts("I Cannot Help You With That."));

        InvalidOutputException failed = invalid(
                mock.llm.completeJson(ASK, "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}"));

        assertThat(failed.problems()).extracting(SchemaProblem::rule).containsExactly(SchemaProblem.JSON);
    }

    @Test
    void aPolicyThatEndsTheAnswerIsNotAskedAgain() throws Exception {
        VirtualLlm mock = mock(MockAnswer.text("{\"mess").withFinishReason(FinishReason.CONTENT_FILTER));

        InvalidOutputException failed = invalid(mock.llm.complete(ASK, Simple.class));

        assertThat(failed.category()).isEqualTo(Category.CONTENT_FILTER);
        assertThat(mock.mock.calls()).isEqualTo(1);
    }

    // What the guard does stays the guard's.

    @Test
    void aFailureOfTheProviderIsRetriedInsideTheAttemptAndNotCountedHere() throws Exception {
        VirtualLlm mock = mock(
                MockAnswer.error(Category.RATE_LIMIT),
                MockAnswer.text(MISSING),
                MockAnswer.error(Category.OVERLOADED),
                MockAnswer.text(VALID));
        StructuredConfig config = StructuredConfig.DEFAULTS.withMaxAttempts(2);

        StructuredAnswer<Simple> answer = mock.value(mock.llm.structured(config).complete(ASK, Simple.class));

        assertThat(answer.attempts()).hasSize(2);
        assertThat(mock.mock.calls()).isEqualTo(4);
    }

    @Test
    void whatTheGuardCouldNotGetIsNotAskedForAgain() throws Exception {
        VirtualLlm mock = mock(MockAnswer.text(MISSING), MockAnswer.error(Category.SERVER_ERROR));

        CallException failed = (CallException) mock.error(mock.llm.complete(ASK, Simple.class));

        assertThat(failed.category()).isEqualTo(Category.SERVER_ERROR);
        assertThat(mock.mock.calls()).isEqualTo(1 + 3);
    }

    @Test
    void attemptsDoNotMultiplyInsideAnotherCall() throws Exception {
        VirtualLlm mock = mock(texts(MISSING));

        Throwable failed = mock.error(mock.holdfast.engine.call(
                Targets.named("node/outer"),
                attempt -> mock.llm.within(attempt.context()).complete(ASK, Simple.class)));

        assertThat(mock.mock.calls()).isEqualTo(3);
        assertThat(((CallException) failed).category()).isEqualTo(Category.INVALID_OUTPUT);
    }

    @Test
    void invalidOutputNeverCountsAgainstTheCircuit() throws Exception {
        VirtualLlm mock = mock(texts("nonsense"));
        StructuredConfig patient = StructuredConfig.DEFAULTS.withMaxAttempts(50);

        invalid(mock.llm.structured(patient).complete(ASK, Simple.class));

        assertThat(mock.mock.calls()).isEqualTo(50);
        assertThat(mock.holdfast.engine.info(mock.llm.target()).circuit().state())
                .isEqualTo(CircuitState.CLOSED);
        assertThat(mock.holdfast.engine.info(mock.llm.target()).circuit().failures())
                .isZero();
    }

    @Test
    void anOpenCircuitRefusesAStructuredCallToo() throws Exception {
        VirtualLlm mock = mock(texts(VALID));
        mock.holdfast.engine.forceOpen(mock.llm.target());

        assertThat(mock.error(mock.llm.complete(ASK, Simple.class))).isInstanceOf(CallRejectedException.class);

        assertThat(mock.mock.calls()).isZero();
    }

    @Test
    void allAttemptsShareOneIdAndOneDeadline() throws Exception {
        VirtualLlm mock = mock(MockAnswer.text(MISSING).after(Duration.ofSeconds(4)));
        LlmRequest request = ASK.withTimeouts(RequestTimeouts.CONFIGURED.withDeadline(Duration.ofSeconds(10)));

        CallException failed = (CallException) mock.error(mock.llm.complete(request, Simple.class));

        assertThat(failed.category()).isEqualTo(Category.TIMEOUT);
        assertThat(mock.elapsed()).isEqualTo(Duration.ofSeconds(10));
        assertThat(mock.mock.calls()).isEqualTo(3);
        assertThat(mock.holdfast.events(CallEvent.CallStarted.class).stream()
                        .map(event -> event.callId())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void cancellingEndsTheRunningAttemptAndNothingIsAskedAfterIt() {
        VirtualLlm mock = mock(MockAnswer.text(MISSING).after(Duration.ofSeconds(4)));

        CompletableFuture<StructuredAnswer<Simple>> call = mock.llm.complete(ASK, Simple.class);
        mock.holdfast.time.advance(Duration.ofSeconds(6));
        call.cancel(true);
        mock.holdfast.run();

        assertThat(mock.mock.calls()).isEqualTo(2);
        assertThat(mock.elapsed()).isEqualTo(Duration.ofSeconds(6));
    }

    // Room.

    private static MockAnswer enoughFrom(int tokens, LlmRequest request) {
        Integer limit = request.maxTokens();
        return limit != null && limit >= tokens ? MockAnswer.text(VALID) : MockAnswer.truncated("{\"message\":\"hel");
    }

    private VirtualLlm answeringFrom(int tokens) {
        virtual = new VirtualLlm(builder -> builder.answering(request -> enoughFrom(tokens, request)));
        return virtual;
    }

    private List<Integer> limits() {
        return virtual.mock.requests().stream().map(LlmRequest::maxTokens).toList();
    }

    @Test
    void aCutAnswerIsAskedForAgainWithMoreRoomAndWithoutReproach() throws Exception {
        VirtualLlm mock = answeringFrom(1500);

        StructuredAnswer<Simple> answer = mock.value(mock.llm.complete(ASK.withMaxTokens(700), Simple.class));

        assertThat(answer.value().count()).isEqualTo(5);
        assertThat(limits()).containsExactly(700, 1400, 2800);
        assertThat(mock.mock.requests())
                .allSatisfy(request -> assertThat(request.messages()).hasSize(1));
    }

    @Test
    void aSmallLimitGrowsByFiveHundredAndAnUnstatedOneFromWhatWasUsed() throws Exception {
        VirtualLlm mock = answeringFrom(1000);
        mock.value(mock.llm.complete(ASK.withMaxTokens(10), Simple.class));
        assertThat(limits()).containsExactly(10, 510, 1020);
        mock.assertAllReturned();

        VirtualLlm unstated = answeringFrom(500);
        unstated.value(unstated.llm.complete(ASK, Simple.class));
        assertThat(limits()).containsExactly(null, 510);
    }

    @Test
    void theLimitNeverShrinksAndAtItsEndNothingMoreIsAsked() throws Exception {
        VirtualLlm mock = answeringFrom(1_000_000);

        InvalidOutputException failed = invalid(mock.llm.complete(ASK.withMaxTokens(100_000), Simple.class));

        assertThat(limits()).containsExactly(100_000);
        assertThat(failed.failure().rule()).isEqualTo("output.truncated");
        assertThat(failed.category()).isEqualTo(Category.INVALID_OUTPUT);
    }

    @Test
    void aTargetThatTakesNoLargerLimitLeavesTheCutAsTheReason() throws Exception {
        VirtualLlm mock = mock(MockAnswer.truncated("{"), MockAnswer.error(Category.INVALID_REQUEST));

        InvalidOutputException failed = invalid(mock.llm.complete(ASK.withMaxTokens(50), Simple.class));

        assertThat(failed.failure().rule()).isEqualTo("output.truncated");
        assertThat(failed).hasCauseInstanceOf(CallException.class);
        assertThat(mock.mock.calls()).isEqualTo(2);
    }

    @Test
    void aWholeObjectOfACutAnswerIsTakenOnlyWhereThatIsAllowed() throws Exception {
        MockAnswer cut = MockAnswer.truncated("{\"items\":[]}");
        VirtualLlm mock = mock(cut, MockAnswer.text("{\"items\":[]}"));
        StructuredConfig two = StructuredConfig.DEFAULTS.withMaxAttempts(2);
        mock.value(mock.llm.structured(two).complete(ASK.withMaxTokens(700), Shopping.class));
        assertThat(limits()).containsExactly(700, 1400);
        mock.assertAllReturned();

        VirtualLlm allowing = mock(cut);
        StructuredAnswer<Shopping> taken = allowing.value(allowing.llm
                .structured(StructuredConfig.DEFAULTS.withAllowTruncated(true))
                .complete(ASK, Shopping.class));
        assertThat(taken.value().items()).isEmpty();
        assertThat(allowing.mock.calls()).isEqualTo(1);
    }

    // Raw schemas.

    static Stream<String> tickets() {
        return Stream.of(
                "{\"priority\":10}",
                "{\"category\":\"X\",\"priority\":10,\"summary\":\"short\"}",
                "{\"category\":\"X\",\"priority\":3,\"summary\":\"long enough it is\",\"confidence\":1.5}",
                "{\"category\":\"X\",\"priority\":3,\"summary\":\"long enough it is\",\"results\":[]}");
    }

    private static final String TICKET = """
            {"type":"object","required":["category","priority","summary"],"properties":{
             "category":{"type":"string"},"priority":{"type":"integer","minimum":1,"maximum":5},
             "summary":{"type":"string","minLength":10},"confidence":{"type":"number","minimum":0,"maximum":1},
             "results":{"type":"array","minItems":1,"items":{"type":"string"}}}}""";

    @Test
    void boundsOfARawSchemaAreHeld() throws Exception {
        String good = "{\"category\":\"X\",\"priority\":3,\"summary\":\"long enough it is\"}";
        String[] answers = Stream.concat(tickets(), Stream.of("so: " + good)).toArray(String[]::new);
        VirtualLlm mock = mock(texts(answers));

        StructuredAnswer<String> answer = mock.value(mock.llm
                .structured(StructuredConfig.DEFAULTS.withMaxAttempts(5))
                .completeJson(ASK, TICKET));

        assertThat(answer.value()).isEqualTo(good);
        assertThat(answer.attempts().get(0).problems())
                .extracting(SchemaProblem::rule)
                .contains("required", "maximum");
        assertThat(lastMessage(2)).contains("/summary", "/priority");
        assertThat(lastMessage(3)).contains("/confidence");
        assertThat(lastMessage(4)).contains("/results");
    }

    @Test
    void anArrayIsAskedForInWordsBecauseFormatsAreForObjects() throws Exception {
        VirtualLlm mock = mock(texts("Here: [1, 2]"));

        StructuredAnswer<String> answer =
                mock.value(mock.llm.completeJson(ASK, "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"));

        assertThat(answer.value()).isEqualTo("[1,2]");
        assertThat(mock.mock.requests().get(0).responseFormat()).isEqualTo(ResponseFormat.TEXT);
    }

    @Test
    void aSchemaOfYourOwnHoldsATypeToMore() throws Exception {
        String schema = "{\"type\":\"object\",\"properties\":{\"message\":{\"type\":\"string\"},"
                + "\"count\":{\"type\":\"integer\",\"minimum\":3}},\"required\":[\"message\",\"count\"]}";
        VirtualLlm mock = mock(texts("{\"message\":\"x\",\"count\":2}", VALID));

        assertThat(mock.value(mock.llm.structured().complete(ASK, Simple.class, schema))
                        .value()
                        .count())
                .isEqualTo(5);
    }
}
