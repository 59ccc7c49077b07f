// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.Sleeper;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.holdfast.storm.scenario.Storm;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * OpenAI's official client on its own HTTP stack, as it comes: two retries after timeouts, 408, 409, 429 and 5xx, exponential
 * from half a second with jitter, and the wait that the server states. It sleeps in the storm's time. One target: the client
 * knows no other.
 */
public final class OpenAiSdkEngine implements Engine {
    private static final int RETRIES = 2;

    private final boolean streamed;
    private final OpenAIClient client;

    public OpenAiSdkEngine(Surroundings surroundings) {
        this.streamed = surroundings.streamed();
        this.client = OpenAIOkHttpClient.builder()
                .baseUrl(surroundings.first().base() + "/v1")
                .apiKey("sim-key")
                .timeout(surroundings.pace().real(Storm.REQUEST_TIMEOUT))
                .maxRetries(RETRIES)
                .sleeper(new PacedSleeper(surroundings.pace()))
                .build();
    }

    @Override
    public String call(Question question) {
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .model(question.poison() ? "400" : Storm.MODEL)
                .addUserMessage(Question.PROMPT)
                .putAdditionalHeader(Question.HEADER, question.id())
                .build();
        if (!streamed) {
            return client.chat()
                    .completions()
                    .create(params)
                    .choices()
                    .get(0)
                    .message()
                    .content()
                    .orElse("");
        }
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> choice.delta().content().ifPresent(text::append));
        }
        return text.toString();
    }

    @Override
    public void close() {
        client.close();
    }

    /** The client's waits, as long as the storm's time says. */
    private record PacedSleeper(Pace pace) implements Sleeper {
        @Override
        public void sleep(Duration duration) {
            try {
                pace.sleep(duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public CompletableFuture<Void> sleepAsync(Duration duration) {
            return CompletableFuture.runAsync(
                    () -> {},
                    CompletableFuture.delayedExecutor(pace.real(duration).toNanos(), TimeUnit.NANOSECONDS));
        }

        @Override
        public void close() {}
    }
}
