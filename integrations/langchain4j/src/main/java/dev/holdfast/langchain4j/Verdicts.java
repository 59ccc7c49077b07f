// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.langchain4j.http.HttpResponseException;
import dev.holdfast.langchain4j.internal.EndedAttempt;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the errors and the answers of LangChain4j's models mean to the engine. */
final class Verdicts {
    private static final ProviderErrorClassifier RULES = ProviderErrorClassifier.create();
    private static final int MAX_DEPTH = 32;

    private Verdicts() {}

    /**
     * What a model threw or reported, with its verdict.
     *
     * @param family whose rules hold; null for the general ones
     * @param contentSeen whether a part of the answer had come before
     */
    static ProviderException exception(@Nullable String family, Throwable error, boolean contentSeen) {
        Failure failure = failure(family, error, contentSeen);
        HttpException response = response(error);
        return new ProviderException(
                failure,
                response == null ? 0 : response.statusCode(),
                response instanceof HttpResponseException kept ? kept.headers() : Map.of());
    }

    private static Failure failure(@Nullable String family, Throwable error, boolean contentSeen) {
        if (error instanceof UnsupportedFeatureException || error instanceof IllegalArgumentException) {
            // The model itself refused, before anything was sent; another one may take it.
            return Failure.of(Category.INVALID_REQUEST, "langchain4j.refused", "the model does not take this request")
                    .withScope(RetryScope.OTHER_TARGET)
                    .withSent(false)
                    .withCause(error);
        }
        return RULES.classify(
                new ErrorInput(family, ErrorInput.Transport.EXCEPTION, 0, Map.of(), "", contentSeen, error, null));
    }

    static boolean isInterrupt(Throwable error) {
        Throwable current = error;
        for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
            if (current instanceof InterruptedException) {
                return true;
            }
            current = current.getCause();
        }
        return false;
    }

    private static @Nullable HttpException response(Throwable error) {
        Throwable current = error;
        for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
            if (current instanceof HttpException found) {
                return found;
            }
            current = current instanceof EndedAttempt ended ? ended.failure().cause() : current.getCause();
        }
        return null;
    }

    /**
     * Why an answer is none; null if it is one. An answer that the token limit cut before its first word is one: asking again
     * costs as much and gives the same.
     */
    static @Nullable ProviderException emptiness(@Nullable ChatResponse response) {
        if (response == null) {
            return exception(Failure.of(Category.EMPTY_RESPONSE, "langchain4j.null", "the model returned nothing"));
        }
        AiMessage message = response.aiMessage();
        String text = message.text();
        FinishReason reason = response.finishReason();
        if (text != null && !text.isEmpty() || message.hasToolExecutionRequests() || reason == FinishReason.LENGTH) {
            return null;
        }
        if (!images(message).isEmpty()) {
            return null;
        }
        return exception(
                reason == FinishReason.CONTENT_FILTER
                        ? Failure.of(
                                Category.CONTENT_FILTER,
                                "response.content_filter",
                                "a content policy ended the answer before it began")
                        : Failure.of(
                                Category.EMPTY_RESPONSE,
                                "response.empty",
                                "the answer holds neither text nor tool calls"));
    }

    private static List<?> images(AiMessage message) {
        List<?> images = message.images();
        return images == null ? List.of() : images;
    }

    /** A stream that nobody said why it ended. */
    static ProviderException unfinished() {
        return exception(Failure.of(
                Category.STREAM_INTERRUPTED,
                "langchain4j.no_finish_reason",
                "the stream ended without a finish reason, so it was cut"));
    }

    private static ProviderException exception(Failure failure) {
        return new ProviderException(failure, 0, Map.of());
    }
}
