// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import dev.holdfast.storm.scenario.Storm;
import dev.langchain4j.internal.RetryUtils;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * LangChain4j's OpenAI models on their own HTTP stack, as they come: two retries after half a second, growing by 1.5, with a
 * fifth of jitter; streams are not retried. The retry is LangChain4j's own code with its own numbers, given here in the storm's
 * time, because a model's builder takes their count alone. One target: the models know no other.
 */
public final class LangChain4jEngine implements Engine {
    private static final String KEY = "sim-key";
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final int RETRIES = 2;

    private final boolean streamed;
    private final OpenAiChatModel model;
    private final OpenAiChatModel refused;
    private final OpenAiStreamingChatModel streaming;
    private final RetryUtils.RetryPolicy retry;

    public LangChain4jEngine(Surroundings surroundings) {
        Pace pace = surroundings.pace();
        Duration timeout = pace.real(Storm.REQUEST_TIMEOUT);
        String url = surroundings.first().base() + "/v1";
        this.streamed = surroundings.streamed();
        this.model = plain(url, Storm.MODEL, timeout);
        this.refused = plain(url, "400", timeout);
        this.streaming = OpenAiStreamingChatModel.builder()
                .baseUrl(url)
                .apiKey(KEY)
                .modelName(Storm.MODEL)
                .timeout(timeout)
                .customHeaders(LangChain4jEngine::callId)
                .build();
        this.retry = RetryUtils.retryPolicyBuilder()
                .maxRetries(RETRIES)
                .delayMillis((int) Math.max(1, pace.real(FIRST_WAIT).toMillis()))
                .backoffExp(1.5)
                .jitterScale(0.2)
                .build();
    }

    private static OpenAiChatModel plain(String url, String model, Duration timeout) {
        return OpenAiChatModel.builder()
                .baseUrl(url)
                .apiKey(KEY)
                .modelName(model)
                .timeout(timeout)
                .maxRetries(0)
                .customHeaders(LangChain4jEngine::callId)
                .build();
    }

    private static Map<String, String> callId() {
        String id = CallIds.current();
        return id == null ? Map.of() : Map.of(Question.HEADER, id);
    }

    @Override
    public String call(Question question) throws Exception {
        CallIds.begin(question.id());
        try {
            OpenAiChatModel asked = question.poison() ? refused : model;
            return streamed ? stream() : retry.withRetry(() -> asked.chat(Question.PROMPT));
        } finally {
            CallIds.end();
        }
    }

    private String stream() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        streaming.chat(Question.PROMPT, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {}

            @Override
            public void onCompleteResponse(ChatResponse response) {
                String text = response.aiMessage().text();
                answer.complete(text == null ? "" : text);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }
        });
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception told ? told : e;
        }
    }
}
