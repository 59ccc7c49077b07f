// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.JsonValue;
import com.openai.models.ErrorObject;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.failure.RetryScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Exceptions of client libraries carry responses; the real classes are used, the code under test does not know them. */
class SdkExceptionsTest {
    private final FailureClassifier classifier =
            ProviderErrorClassifier.create().asFailureClassifier();

    @Test
    void openAiExceptionGivesItsBodyAndHeaders() {
        Throwable thrown = com.openai.errors.RateLimitException.builder()
                .headers(com.openai.core.http.Headers.builder()
                        .put("Retry-After-Ms", "1250")
                        .build())
                .error(ErrorObject.builder()
                        .code("rate_limit_exceeded")
                        .type("requests")
                        .message("Rate limit reached")
                        .param(java.util.Optional.empty())
                        .build())
                .build();

        Failure failure = classifier.classify(new CompletionException(thrown));

        assertThat(failure.category()).isEqualTo(Category.RATE_LIMIT);
        assertThat(failure.hint()).isEqualTo(Duration.ofMillis(1250));
    }

    @Test
    void openAiExhaustedQuotaIsNoRateLimit() {
        Throwable thrown = com.openai.errors.RateLimitException.builder()
                .headers(com.openai.core.http.Headers.builder().build())
                .error(ErrorObject.builder()
                        .code("insufficient_quota")
                        .type("insufficient_quota")
                        .message("No money left")
                        .param(java.util.Optional.empty())
                        .build())
                .build();

        Failure failure = classifier.classify(thrown);

        assertThat(failure.category()).isEqualTo(Category.QUOTA_EXHAUSTED);
        assertThat(failure.scope()).isEqualTo(RetryScope.OTHER_TARGET);
    }

    @Test
    void anthropicExceptionGivesItsBodyAndHeaders() {
        Throwable thrown = com.anthropic.errors.InternalServerException.builder()
                .statusCode(529)
                .headers(com.anthropic.core.http.Headers.builder()
                        .put("retry-after", "3")
                        .build())
                .body(JsonValue.from(
                        Map.of("type", "error", "error", Map.of("type", "overloaded_error", "message", "Overloaded"))))
                .build();

        Failure failure = classifier.classify(new ExecutionException(thrown));

        assertThat(failure.category()).isEqualTo(Category.OVERLOADED);
        assertThat(failure.hint()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void langChain4jExceptionGivesItsStatusAndMessage() {
        Throwable thrown = new dev.langchain4j.exception.HttpException(
                400, "{\"error\":{\"message\":\"too much\",\"code\":\"context_length_exceeded\"}}");

        Failure failure = classifier.classify(new dev.langchain4j.exception.InvalidRequestException(thrown));

        assertThat(failure.category()).isEqualTo(Category.CONTEXT_LENGTH);
        assertThat(failure.scope()).isEqualTo(RetryScope.OTHER_TARGET);
    }

    @Test
    void langChain4jExceptionsWithoutAResponseAreKnownByName() {
        assertThat(classifier
                        .classify(new dev.langchain4j.exception.RateLimitException("slow"))
                        .category())
                .isEqualTo(Category.RATE_LIMIT);
        assertThat(classifier
                        .classify(new dev.langchain4j.exception.AuthenticationException("no"))
                        .category())
                .isEqualTo(Category.AUTH);
        assertThat(classifier
                        .classify(new dev.langchain4j.exception.ModelNotFoundException("no"))
                        .category())
                .isEqualTo(Category.NOT_FOUND);
    }

    /** The shape of Spring's RestClientResponseException and WebClientResponseException. */
    public static final class SpringShaped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Spring's HttpStatusCode. */
        public record Status(int value) {}

        public Status getStatusCode() {
            return new Status(503);
        }

        public Map<String, List<String>> getResponseHeaders() {
            return Map.of("Retry-After", List.of("7"));
        }

        public String getResponseBodyAsString() {
            return "{\"error\":{\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}";
        }
    }

    @Test
    void springShapedExceptionGivesItsResponse() {
        Failure failure = classifier.classify(new SpringShaped());

        assertThat(failure.category()).isEqualTo(Category.MODEL_LOADING);
        assertThat(failure.hint()).isEqualTo(Duration.ofSeconds(7));
    }

    /** The shape of the AWS SDK's service exceptions. */
    public static final class AwsShaped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Its error details. */
        public record Details(String errorCode, String errorMessage) {}

        public int statusCode() {
            return 400;
        }

        public Details awsErrorDetails() {
            return new Details("ThrottlingException", "Too many tokens");
        }
    }

    @Test
    void awsShapedExceptionGivesItsErrorCode() {
        assertThat(classifier.classify(new AwsShaped()).category()).isEqualTo(Category.RATE_LIMIT);
    }

    private static final class Own extends RuntimeException implements Classified {
        private static final long serialVersionUID = 1L;

        @Override
        public Failure failure() {
            return Failure.of(Category.CONFLICT, "own", "own verdict");
        }
    }

    @Test
    void exceptionThatKnowsItsVerdictSpeaksForItself() {
        Throwable thrown = new RuntimeException("429 rate limit", new Own());

        Failure failure = classifier.classify(thrown);

        assertThat(failure.category()).isEqualTo(Category.CONFLICT);
        assertThat(failure.cause()).isSameAs(thrown);
    }

    @Test
    void timeoutOutranksTheClosedConnectionThatItCaused() {
        java.net.http.HttpTimeoutException timeout = new java.net.http.HttpTimeoutException("request timed out");
        timeout.initCause(new java.io.IOException("HTTP/1.1 header parser received no bytes"));

        assertThat(classifier.classify(new CompletionException(timeout)).category())
                .isEqualTo(Category.TIMEOUT);
    }

    @Test
    void interruptionAtAnyDepthIsTheCallers() {
        Failure failure = classifier.classify(new RuntimeException(new ExecutionException(new InterruptedException())));

        assertThat(failure.category()).isEqualTo(Category.CANCELLED);
        assertThat(failure.scope()).isEqualTo(RetryScope.NEVER);
    }

    private static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            return this;
        }

        public int statusCode() {
            throw new IllegalStateException("no status");
        }
    }

    @Test
    void exceptionThatThrowsAndCausesItselfIsUnknown() {
        assertThat(classifier.classify(new Hostile()).category()).isEqualTo(Category.UNKNOWN);
    }
}
