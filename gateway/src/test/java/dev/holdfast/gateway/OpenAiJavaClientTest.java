// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's official library for Java before a gateway, over real sockets; its own retries are on, as its users have them. */
@Timeout(120)
class OpenAiJavaClientTest {
    private static RunningGateway running;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        running = ClientModels.forOpenAi();
        client = library(ClientModels.KEY);
    }

    @AfterAll
    static void stop() {
        client.close();
        running.close();
    }

    private static OpenAIClient library(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(running.gateway.uri() + "/v1")
                .apiKey(key)
                .responseValidation(true)
                .build();
    }

    private static ChatCompletionCreateParams.Builder ask(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .addUserMessage("How is the sea today?");
    }

    private static ChatCompletion answer(ChatCompletionCreateParams.Builder asked, boolean stream) {
        if (!stream) {
            return client.chat()
                    .completions()
                    .create(asked.streamOptions((ChatCompletionStreamOptions) null)
                            .build());
        }
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(asked.build())) {
            chunks.stream().forEach(whole::accumulate);
        }
        return whole.chatCompletion();
    }

    static Stream<Arguments> models() {
        return Stream.of("default", "own-down", "other-down")
                .flatMap(model -> Stream.of(false, true).map(stream -> Arguments.of(model, stream)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void answersAreReadWhoeverGaveThem(String model, boolean stream) {
        ChatCompletion answer = answer(ask(model), stream);

        boolean other = model.equals("own-down");
        ChatCompletion.Choice choice = answer.choices().get(0);
        assertThat(choice.message().content()).hasValue(other ? ClientModels.OTHER_TEXT : ClientModels.OWN_TEXT);
        assertThat(choice.finishReason().asString()).isEqualTo("stop");
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(other ? 9 : 7);
    }

    @ParameterizedTest
    @CsvSource({"tool, false", "tool, true", "tool-own-down, false", "tool-own-down, true"})
    void aToolIsCalledAndItsResultTakenBackOnBothSidesOfAFailover(String model, boolean stream) {
        ChatCompletionCreateParams.Builder conversation = ask(model)
                .addFunctionTool(FunctionDefinition.builder()
                        .name("tide")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(Map.of("port", Map.of("type", "string"))))
                                .putAdditionalProperty("required", JsonValue.from(List.of("port")))
                                .build())
                        .build());

        ChatCompletion.Choice first = answer(conversation, stream).choices().get(0);

        ChatCompletionMessageFunctionToolCall call =
                first.message().toolCalls().orElseThrow().get(0).asFunction();
        assertThat(first.finishReason().asString()).isEqualTo("tool_calls");
        assertThat(call.function().name()).isEqualTo("tide");
        assertThat(call.function().arguments()).contains("\"port\"");

        conversation
                .addMessage(first.message())
                .addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content("high at noon")
                        .build());
        ChatCompletion.Choice second = answer(conversation, stream).choices().get(0);
        assertThat(second.message().content()).hasValue(ClientModels.TOOL_TEXT);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("e400", BadRequestException.class, 400, "invalid_request"),
                Arguments.of("nobody", NotFoundException.class, 404, "model_not_found"),
                Arguments.of("e429", RateLimitException.class, 429, "rate_limit"),
                Arguments.of("e500", InternalServerException.class, 502, "server_error"),
                Arguments.of("e503", InternalServerException.class, 503, "overloaded"),
                Arguments.of("e-hang", InternalServerException.class, 504, "timeout"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresBecomeTheLibrarysOwnErrors(
            String model, Class<? extends OpenAIServiceException> type, int status, String code) {
        assertThatThrownBy(() -> answer(ask(model), false)).isInstanceOfSatisfying(type, failed -> {
            assertThat(failed.statusCode()).isEqualTo(status);
            assertThat(failed.code()).hasValue(code);
        });
        assertThatThrownBy(() -> answer(ask(model), true)).isInstanceOf(type);
    }

    @Test
    void aStrangersKeyIsUnauthorized() {
        OpenAIClient stranger = library("sk-not-known");

        try {
            assertThatThrownBy(() -> stranger.models().list())
                    .isInstanceOfSatisfying(UnauthorizedException.class, failed -> assertThat(failed.code())
                            .hasValue("invalid_api_key"));
        } finally {
            stranger.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"429", "500"})
    void theLibraryDoesNotRetryWhatTheGatewayRetried(String upstream) {
        long before = ClientModels.upstreamCalls(running, upstream);

        assertThatThrownBy(() -> answer(ask("e" + upstream), false)).isInstanceOf(OpenAIServiceException.class);

        assertThat(ClientModels.upstreamCalls(running, upstream) - before).isEqualTo(ClientModels.ATTEMPTS);
    }

    @Test
    void theLibraryComesBackWhenTheGatewaySaysSo() {
        long start = System.nanoTime();

        ChatCompletion answer = answer(ask("comes-back"), false);

        assertThat(answer.choices().get(0).message().content()).isPresent();
        assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
        assertThat(ClientModels.upstreamCalls(running, "fail=1,status=429,retry-after=1"))
                .isEqualTo(2);
    }

    @Test
    void aBrokenStreamIsAnErrorOfTheLibrary() {
        assertThatThrownBy(() -> answer(ask("cut"), true))
                .isInstanceOfSatisfying(
                        SseException.class, failed -> assertThat(failed.code()).hasValue("stream_interrupted"));
    }

    @Test
    void embeddingsAreRead() {
        var answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("default")
                        .input("a small harbour")
                        .build());

        double squares = answer.data().get(0).embedding().stream()
                .mapToDouble(number -> number * number)
                .sum();
        assertThat(squares).isBetween(0.999, 1.001);
    }

    @Test
    void theModelsAreListed() {
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .contains("default", "own-down", "tool");
    }
}
