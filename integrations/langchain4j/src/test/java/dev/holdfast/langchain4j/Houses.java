// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.langchain4j.http.HoldfastHttpClientBuilder;
import dev.holdfast.retry.Backoff;
import dev.holdfast.simulator.Simulator;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;

/** LangChain4j's own models before a simulator, on Holdfast's HTTP client, with the retries that they have by default. */
enum Houses {
    OPENAI,
    ANTHROPIC;

    static HoldfastHttpClientBuilder http() {
        return new HoldfastHttpClientBuilder().callIdHeader("x-holdfast-call-id");
    }

    /** Little patience, so that tests are short. */
    static ResilienceConfig quick() {
        return ResilienceConfig.defaults()
                .withBackoff(Backoff.exponential(Duration.ofMillis(5), 2, Duration.ofMillis(20)));
    }

    ChatModel plain(Simulator simulator, String model) {
        return plain(simulator, model, http());
    }

    ChatModel plain(Simulator simulator, String model, HoldfastHttpClientBuilder http) {
        String base = simulator.baseUri() + "/v1";
        return this == OPENAI
                ? OpenAiChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(base)
                        .apiKey("k")
                        .modelName(model)
                        .build()
                : AnthropicChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(base)
                        .apiKey("k")
                        .modelName(model)
                        .maxTokens(200)
                        .build();
    }

    StreamingChatModel streaming(Simulator simulator, String model) {
        return streaming(simulator, model, http());
    }

    StreamingChatModel streaming(Simulator simulator, String model, HoldfastHttpClientBuilder http) {
        String base = simulator.baseUri() + "/v1";
        return this == OPENAI
                ? OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(base)
                        .apiKey("k")
                        .modelName(model)
                        .build()
                : AnthropicStreamingChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(base)
                        .apiKey("k")
                        .modelName(model)
                        .maxTokens(200)
                        .build();
    }
}
