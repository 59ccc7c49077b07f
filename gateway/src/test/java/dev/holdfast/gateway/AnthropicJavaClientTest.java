// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
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

/** Anthropic's official library for Java before a gateway, over real sockets; its own retries are on, as its users have them. */
@Timeout(120)
class AnthropicJavaClientTest {
    private static RunningGateway running;
    private static AnthropicClient client;

    @BeforeAll
    static void start() {
        running = ClientModels.forAnthropic();
        client = library(ClientModels.KEY);
    }

    @AfterAll
    static void stop() {
        client.close();
        running.close();
    }

    private static AnthropicClient library(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(running.gateway.uri().toString())
                .apiKey(key)
                .responseValidation(true)
                .build();
    }

    private static MessageCreateParams.Builder ask(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(200).addUserMessage("How is the sea today?");
    }

    private static Message answer(MessageCreateParams.Builder asked, boolean stream) {
        if (!stream) {
            return client.messages().create(asked.build());
        }
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(asked.build())) {
            events.stream().forEach(whole::accumulate);
        }
        return whole.message();
    }

    static Stream<Arguments> models() {
        return Stream.of("default", "own-down", "other-down")
                .flatMap(model -> Stream.of(false, true).map(stream -> Arguments.of(model, stream)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void answersAreReadWhoeverGaveThem(String model, boolean stream) {
        Message answer = answer(ask(model), stream);

        boolean other = model.equals("own-down");
        assertThat(answer.content().get(0).asText().text())
                .isEqualTo(other ? ClientModels.OTHER_TEXT : ClientModels.OWN_TEXT);
        assertThat(answer.stopReason()).hasValue(StopReason.END_TURN);
        assertThat(answer.usage().outputTokens()).isEqualTo(other ? 9 : 7);
    }

    @ParameterizedTest
    @CsvSource({"tool, false", "tool, true", "tool-own-down, false", "tool-own-down, true"})
    void aToolIsCalledAndItsResultTakenBackOnBothSidesOfAFailover(String model, boolean stream) {
        MessageCreateParams.Builder conversation = ask(model)
                .addTool(Tool.builder()
                        .name("tide")
                        .inputSchema(Tool.InputSchema.builder()
                                .properties(JsonValue.from(Map.of("port", Map.of("type", "string"))))
                                .putAdditionalProperty("required", JsonValue.from(List.of("port")))
                                .build())
                        .build());

        Message first = answer(conversation, stream);

        ToolUseBlock call = first.content().get(0).asToolUse();
        assertThat(first.stopReason()).hasValue(StopReason.TOOL_USE);
        assertThat(call.name()).isEqualTo("tide");
        assertThat(call._input().toString()).contains("port");

        conversation
                .addMessage(first)
                .addUserMessageOfContentBlockParams(
                        List.of(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                                .toolUseId(call.id())
                                .content("high at noon")
                                .build())));
        Message second = answer(conversation, stream);
        assertThat(second.content().get(0).asText().text()).isEqualTo(ClientModels.TOOL_TEXT);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("e400", BadRequestException.class, 400, "invalid_request"),
                Arguments.of("nobody", NotFoundException.class, 404, "model_not_found"),
                Arguments.of("e429", RateLimitException.class, 429, "rate_limit"),
                Arguments.of("e500", InternalServerException.class, 502, "server_error"),
                Arguments.of("e503", InternalServerException.class, 529, "overloaded"),
                Arguments.of("e-hang", InternalServerException.class, 504, "timeout"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresBecomeTheLibrarysOwnErrors(
            String model, Class<? extends AnthropicServiceException> type, int status, String code) {
        assertThatThrownBy(() -> answer(ask(model), false)).isInstanceOfSatisfying(type, failed -> {
            assertThat(failed.statusCode()).isEqualTo(status);
            assertThat(failed.body().toString()).contains("code=" + code);
        });
        assertThatThrownBy(() -> answer(ask(model), true)).isInstanceOf(type);
    }

    @Test
    void aStrangersKeyIsUnauthorized() {
        AnthropicClient stranger = library("sk-not-known");

        try {
            assertThatThrownBy(() -> stranger.messages().create(ask("default").build()))
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("authentication_error");
        } finally {
            stranger.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"429", "500"})
    void theLibraryDoesNotRetryWhatTheGatewayRetried(String upstream) {
        long before = ClientModels.upstreamCalls(running, upstream);

        assertThatThrownBy(() -> answer(ask("e" + upstream), false)).isInstanceOf(AnthropicServiceException.class);

        assertThat(ClientModels.upstreamCalls(running, upstream) - before).isEqualTo(ClientModels.ATTEMPTS);
    }

    @Test
    void theLibraryComesBackWhenTheGatewaySaysSo() {
        long start = System.nanoTime();

        Message answer = answer(ask("comes-back"), false);

        assertThat(answer.content()).isNotEmpty();
        assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
        assertThat(ClientModels.upstreamCalls(running, "fail=1,status=429,retry-after=1"))
                .isEqualTo(2);
    }

    @Test
    void aBrokenStreamIsAnErrorOfTheLibrary() {
        assertThatThrownBy(() -> answer(ask("cut"), true))
                .isInstanceOf(SseException.class)
                .hasMessageContaining("stream_interrupted");
    }

    @Test
    void theModelsAreListed() {
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .contains("default", "own-down", "tool");
    }
}
