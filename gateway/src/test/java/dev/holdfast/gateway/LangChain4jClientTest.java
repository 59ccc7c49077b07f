// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** LangChain4j's models of OpenAI and Anthropic before a gateway, over real sockets; they know nothing of it. */
@Timeout(120)
class LangChain4jClientTest {
    private static RunningGateway openAiSide;
    private static RunningGateway anthropicSide;

    /** Whose models a program uses. */
    enum House {
        OPENAI,
        ANTHROPIC;

        private String baseUrl() {
            return (this == OPENAI ? openAiSide : anthropicSide).gateway.uri() + "/v1";
        }

        ChatModel plain(String model, String key) {
            return this == OPENAI
                    ? OpenAiChatModel.builder()
                            .baseUrl(baseUrl())
                            .apiKey(key)
                            .modelName(model)
                            .maxRetries(0)
                            .build()
                    : AnthropicChatModel.builder()
                            .baseUrl(baseUrl())
                            .apiKey(key)
                            .modelName(model)
                            .maxTokens(200)
                            .maxRetries(0)
                            .build();
        }

        StreamingChatModel streaming(String model) {
            return this == OPENAI
                    ? OpenAiStreamingChatModel.builder()
                            .baseUrl(baseUrl())
                            .apiKey(ClientModels.KEY)
                            .modelName(model)
                            .build()
                    : AnthropicStreamingChatModel.builder()
                            .baseUrl(baseUrl())
                            .apiKey(ClientModels.KEY)
                            .modelName(model)
                            .maxTokens(200)
                            .build();
        }
    }

    @BeforeAll
    static void start() {
        openAiSide = ClientModels.forOpenAi();
        anthropicSide = ClientModels.forAnthropic();
    }

    @AfterAll
    static void stop() {
        openAiSide.close();
        anthropicSide.close();
    }

    private static ChatResponse answer(House house, String model, boolean stream, ChatRequest request)
            throws Exception {
        if (!stream) {
            return house.plain(model, ClientModels.KEY).chat(request);
        }
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        house.streaming(model).chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                whole.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                whole.completeExceptionally(error);
            }
        });
        return whole.get(30, TimeUnit.SECONDS);
    }

    private static ChatRequest asking() {
        return ChatRequest.builder()
                .messages(UserMessage.from("How is the sea today?"))
                .build();
    }

    static Stream<Arguments> models() {
        return Stream.of(House.values()).flatMap(house -> Stream.of("default", "own-down", "other-down")
                .flatMap(model -> Stream.of(false, true).map(stream -> Arguments.of(house, model, stream))));
    }

    @ParameterizedTest
    @MethodSource("models")
    void answersAreReadWhoeverGaveThem(House house, String model, boolean stream) throws Exception {
        ChatResponse answer = answer(house, model, stream, asking());

        boolean other = model.equals("own-down");
        assertThat(answer.aiMessage().text()).isEqualTo(other ? ClientModels.OTHER_TEXT : ClientModels.OWN_TEXT);
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(other ? 9 : 7);
    }

    static Stream<Arguments> tools() {
        return Stream.of(House.values()).flatMap(house -> Stream.of("tool", "tool-own-down")
                .flatMap(model -> Stream.of(false, true).map(stream -> Arguments.of(house, model, stream))));
    }

    @ParameterizedTest
    @MethodSource("tools")
    void aToolIsCalledAndItsResultTakenBackOnBothSidesOfAFailover(House house, String model, boolean stream)
            throws Exception {
        List<ChatMessage> conversation = new ArrayList<>(asking().messages());
        ToolSpecification tide = ToolSpecification.builder()
                .name("tide")
                .description("When the water is high")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("port")
                        .required("port")
                        .build())
                .build();

        ChatResponse first = answer(
                house,
                model,
                stream,
                ChatRequest.builder()
                        .messages(conversation)
                        .toolSpecifications(tide)
                        .build());

        ToolExecutionRequest call = first.aiMessage().toolExecutionRequests().get(0);
        assertThat(first.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(call.name()).isEqualTo("tide");
        assertThat(call.arguments()).contains("\"port\"");

        conversation.add(first.aiMessage());
        conversation.add(ToolExecutionResultMessage.from(call, "high at noon"));
        ChatResponse second = answer(
                house,
                model,
                stream,
                ChatRequest.builder()
                        .messages(conversation)
                        .toolSpecifications(tide)
                        .build());
        assertThat(second.aiMessage().text()).isEqualTo(ClientModels.TOOL_TEXT);
    }

    static Stream<Arguments> failures() {
        return Stream.of(House.values())
                .flatMap(house -> Stream.of(
                        Arguments.of(house, "e400", InvalidRequestException.class),
                        Arguments.of(house, "nobody", ModelNotFoundException.class),
                        Arguments.of(house, "e429", RateLimitException.class),
                        Arguments.of(house, "e500", InternalServerException.class),
                        Arguments.of(house, "e503", InternalServerException.class),
                        Arguments.of(house, "e-hang", InternalServerException.class)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresBecomeTheLibrarysOwnErrors(House house, String model, Class<? extends Exception> type) {
        assertThatThrownBy(() -> answer(house, model, false, asking())).isInstanceOf(type);
        assertThatThrownBy(() -> answer(house, model, true, asking()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(type);
    }

    @ParameterizedTest
    @EnumSource
    void aStrangersKeyIsNoAuthentication(House house) {
        ChatModel stranger = house.plain("default", "sk-not-known");

        assertThatThrownBy(() -> stranger.chat(asking())).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void aBrokenStreamIsAnErrorOfAnthropicsModel() {
        assertThatThrownBy(() -> answer(House.ANTHROPIC, "cut", true, asking()))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("cut in the middle of the answer");
    }

    /** Its model of OpenAI passes over error events: the only sign left is that nobody says why the answer ended. */
    @Test
    void aBrokenStreamHasNoFinishReasonInOpenAisModel() throws Exception {
        ChatResponse answer = answer(House.OPENAI, "cut", true, asking());

        assertThat(answer.finishReason()).isNull();
    }

    @Test
    void embeddingsAreRead() {
        Embedding embedding = OpenAiEmbeddingModel.builder()
                .baseUrl(openAiSide.gateway.uri() + "/v1")
                .apiKey(ClientModels.KEY)
                .modelName("default")
                .maxRetries(0)
                .build()
                .embed("a small harbour")
                .content();

        double squares = 0;
        for (float number : embedding.vector()) {
            squares += number * number;
        }
        assertThat(squares).isBetween(0.999, 1.001);
    }
}
