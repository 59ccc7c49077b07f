// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.EMPTY_RESPONSE;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.QUOTA_EXHAUSTED;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.failure.Category.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Status 200 proves nothing. */
class StreamErrorsTest {
    private static final String CONTENT = "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n";

    private final ProviderErrorClassifier classifier = ProviderErrorClassifier.create();

    private Failure stream(String body) {
        return classifier.classify(ErrorInput.stream("openai", 200, Map.of(), body, false));
    }

    private Failure answer(String body) {
        return classifier.classify(ErrorInput.http("openai", 200, Map.of(), body));
    }

    @Test
    void typedErrorKeepsItsCategoryAfterContent() {
        String error =
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

        assertThat(stream(CONTENT + error).category()).isEqualTo(OVERLOADED);
    }

    @Test
    void failureInsideTheProviderAfterContentIsAnInterruption() {
        String error =
                "data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\"}}\n\ndata: [DONE]\n\n";

        assertThat(stream(error).category()).isEqualTo(SERVER_ERROR);
        assertThat(stream(CONTENT + error).category()).isEqualTo(STREAM_INTERRUPTED);
    }

    @Test
    void contentThatTheCallerSawCountsToo() {
        String error = "{\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\"}}";

        Failure failure = classifier.classify(ErrorInput.stream("openai", 200, Map.of(), error, true));

        assertThat(failure.category()).isEqualTo(STREAM_INTERRUPTED);
    }

    @Test
    void connectionLostAfterContentIsAnInterruption() {
        Throwable reset = new java.net.SocketException("Connection reset");

        Failure failure = classifier.classify(
                new ErrorInput("openai", ErrorInput.Transport.EXCEPTION, 200, Map.of(), "", true, reset, null));

        assertThat(failure.category()).isEqualTo(STREAM_INTERRUPTED);
    }

    @Test
    void endWithoutTerminalMarkerIsAnInterruption() {
        assertThat(stream(CONTENT).category()).isEqualTo(STREAM_INTERRUPTED);
        assertThat(stream(CONTENT + "data: [DONE]\n\n").category()).isEqualTo(STREAM_INTERRUPTED);
    }

    @Test
    void doneWithoutContentIsEmpty() {
        assertThat(stream("data: [DONE]\n\n").category()).isEqualTo(EMPTY_RESPONSE);
        assertThat(stream(": keep-alive\n\n: keep-alive\n\n").category()).isEqualTo(EMPTY_RESPONSE);
        assertThat(stream("").category()).isEqualTo(EMPTY_RESPONSE);
        assertThat(answer("\n\n\n").category()).isEqualTo(EMPTY_RESPONSE);
    }

    @Test
    void wholeAnswerIsNoKnownFailure() {
        String end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

        assertThat(stream(CONTENT + end).category()).isEqualTo(UNKNOWN);
    }

    @Test
    void toolCallIsContent() {
        String call =
                "{\"choices\":[{\"finish_reason\":\"tool_calls\",\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}";

        assertThat(answer(call).category()).isEqualTo(UNKNOWN);
    }

    @Test
    void wordsOfTheModelAreNoErrorWords() {
        String text =
                "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"Error 429: rate limit exceeded\"}}]}";

        assertThat(answer(text).category()).isEqualTo(UNKNOWN);
    }

    @Test
    void errorObjectWithStatus200IsAnError() {
        assertThat(answer("{\"error\":{\"code\":500,\"message\":\"x\",\"type\":\"exceed_context_size_error\"}}")
                        .category())
                .isEqualTo(CONTEXT_LENGTH);
        assertThat(answer("{\"error\":{\"code\":402,\"message\":\"x\"}}").category())
                .isEqualTo(QUOTA_EXHAUSTED);
        assertThat(stream("[{\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\",\"message\":\"x\"}}]")
                        .category())
                .isEqualTo(OVERLOADED);
    }

    @Test
    void failedResponseOfTheResponsesApiIsRead() {
        String failed =
                "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"x\"}}}\n\n";

        assertThat(stream(
                                "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"error\":null,\"output\":[]}}\n\n"
                                        + failed)
                        .category())
                .isEqualTo(RATE_LIMIT);
    }

    @Test
    void refusalsInASuccessAreContentFilter() {
        assertThat(answer("{\"type\":\"message\",\"content\":[],\"stop_reason\":\"refusal\"}")
                        .category())
                .isEqualTo(CONTENT_FILTER);
        assertThat(answer("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}").category())
                .isEqualTo(CONTENT_FILTER);
        assertThat(answer("{\"choices\":[{\"finish_reason\":\"content_filter\",\"message\":{}}]}")
                        .category())
                .isEqualTo(CONTENT_FILTER);
    }

    @Test
    void callersOwnGuardrailIsNotBypassedUnlessAllowed() {
        ErrorInput blocked = ErrorInput.http(
                "aws_bedrock",
                200,
                Map.of(),
                "{\"output\":{\"message\":{\"content\":[{\"text\":\"No.\"}]}},\"stopReason\":\"guardrail_intervened\"}");

        ErrorInput armoured =
                ErrorInput.http("google_vertex", 400, Map.of(), "{\"error\":{\"message\":\"Blocked by Model Armor\"}}");

        assertThat(classifier.classify(blocked).scope()).isEqualTo(RetryScope.NEVER);
        assertThat(classifier.classify(armoured).scope()).isEqualTo(RetryScope.NEVER);
        assertThat(classifier.withFailoverPastGuardrails(true).classify(blocked).scope())
                .isEqualTo(RetryScope.OTHER_TARGET);
    }

    @Test
    void eventStreamExceptionTypeOutranksTheStatus() {
        Failure failure = classifier.classify(ErrorInput.stream(
                "aws_bedrock",
                400,
                Map.of(":exception-type", List.of("throttlingException")),
                "{\"message\":\"slow\"}",
                false));

        assertThat(failure.category()).isEqualTo(RATE_LIMIT);
    }

    @Test
    void errorLineAfterJsonLinesOfContentIsAnInterruption() {
        String body = "{\"message\":{\"content\":\"a\"},\"done\":false}\n{\"error\":\"runner died\"}\n";

        assertThat(stream(body).category()).isEqualTo(STREAM_INTERRUPTED);
    }
}
